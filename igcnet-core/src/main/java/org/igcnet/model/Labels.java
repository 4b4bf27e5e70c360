package org.igcnet.model;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.data.Resizing;
import org.igcnet.loss.CrossEntropy;

/**
 * What a network says that a picture shows.
 *
 * @param all every class, the most probable first
 * @param resizing how the picture was made to fit the network
 */
public record Labels(List<Label> all, Resizing resizing) {
  /**
   * A class, and how probable it is that the picture shows it.
   *
   * @param name the class's name
   * @param probability from 0 to 1; those of all classes sum to 1
   */
  public record Label(String name, double probability) {}

  /**
   * Copies the classes.
   *
   * @throws IllegalArgumentException where there is none
   */
  public Labels {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("a picture is of one class at least");
    }
  }

  /**
   * Those of a network's logits. Where two classes are as probable, the model's order decides.
   *
   * @param classes the names of the classes, in the order of the network's outputs
   * @param logits one for each class, perhaps with more behind them
   * @param resizing how the picture was made to fit the network
   * @return every class with its probability
   */
  public static Labels of(List<String> classes, float[] logits, Resizing resizing) {
    double[] probabilities = CrossEntropy.probabilities(logits, classes.size());
    return new Labels(
        IntStream.range(0, classes.size())
            .mapToObj(label -> new Label(classes.get(label), probabilities[label]))
            .sorted(Comparator.comparingDouble(Label::probability).reversed())
            .toList(),
        resizing);
  }

  /** {@return the most probable class} */
  public Label best() {
    return all.getFirst();
  }

  /**
   * {@return the most probable classes, the first of them the most probable}
   *
   * @param count how many; where there are fewer, all of them
   */
  public List<Label> top(int count) {
    return all.subList(0, Math.clamp(count, 0, all.size()));
  }
}
