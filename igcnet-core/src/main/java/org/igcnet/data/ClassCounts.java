package org.igcnet.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How many images each class has.
 *
 * @param classes their names
 * @param images of each, in the same order
 */
public record ClassCounts(List<String> classes, List<Integer> images) {
  /** So many classes are all named to people. */
  private static final int FEW = 10;

  /** Of more, so many of the smallest. */
  private static final int NAMED = 3;

  /** Copies the names and their counts. */
  public ClassCounts {
    classes = List.copyOf(classes);
    images = List.copyOf(images);
  }

  /**
   * {@return the counts of the images of a set}
   *
   * @param dataset the set
   */
  public static ClassCounts of(Dataset dataset) {
    int[] counts = new int[dataset.classes().size()];
    for (int index = 0; index < dataset.size(); index++) {
      counts[dataset.label(index)]++;
    }
    return new ClassCounts(dataset.classes(), Arrays.stream(counts).boxed().toList());
  }

  /** {@return the name of the class with the fewest images, the first of several} */
  public String smallest() {
    return classes.get(bySize().getFirst());
  }

  /** {@return the number of images of the class that has the fewest} */
  public int least() {
    return Collections.min(images);
  }

  /**
   * {@return the number of classes that have fewer images}
   *
   * @param least a number of images
   */
  public int below(int least) {
    return (int) images.stream().filter(count -> count < least).count();
  }

  /** What makes all classes that have images count the same, by class; the mean image's is 1. */
  double[] weights() {
    double all = images.stream().mapToInt(Integer::intValue).sum();
    long present = images.stream().filter(count -> count > 0).count();
    return images.stream().mapToDouble(count -> count == 0 ? 1 : all / present / count).toArray();
  }

  /**
   * {@return the classes that have fewer images, for people: {@code cat 3, dog 5}, or of many only
   * the smallest}
   *
   * @param least a number of images
   */
  public String named(int least) {
    int all = below(least);
    String named = words(bySize().stream().limit(Math.min(all, NAMED)));
    return all <= NAMED ? named : "%s and %,d more".formatted(named, all - NAMED);
  }

  private List<Integer> bySize() {
    return IntStream.range(0, classes.size())
        .boxed()
        .sorted(Comparator.comparing(images::get))
        .toList();
  }

  /** For people: {@code cat 120, dog 98}, or of many classes only the smallest. */
  @Override
  public String toString() {
    if (classes.size() <= FEW) {
      return words(IntStream.range(0, classes.size()).boxed());
    }
    int most = Collections.max(images);
    return least() == most
        ? "%,d of %,d images each".formatted(classes.size(), most)
        : "%,d of %,d to %,d images, the smallest %s"
            .formatted(classes.size(), least(), most, words(bySize().stream().limit(NAMED)));
  }

  private String words(Stream<Integer> labels) {
    return labels
        .map(label -> "%s %,d".formatted(classes.get(label), images.get(label)))
        .collect(Collectors.joining(", "));
  }
}
