package org.igcnet.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Dataset;
import org.igcnet.data.Views;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.loss.Target;

/**
 * How well a network does on labelled images.
 *
 * @param images how many
 * @param accuracy top-1, in percent
 * @param top5 label among the five most probable, in percent
 * @param loss mean cross entropy
 * @param classes the same images by their class, in the model's order
 */
public record Evaluation(
    long images, double accuracy, double top5, double loss, List<OfClass> classes) {
  /**
   * How well it does on the images of one class.
   *
   * @param images how many there are
   * @param correct those that are taken for their class
   */
  public record OfClass(long images, long correct) {
    private OfClass plus(boolean right) {
      return new OfClass(images + 1, correct + (right ? 1 : 0));
    }
  }

  /** Copies the classes' counts. */
  public Evaluation {
    classes = List.copyOf(classes);
  }

  /** {@return the number of images that are taken for their class} */
  public long correct() {
    return classes.stream().mapToLong(OfClass::correct).sum();
  }

  /**
   * Tests a model.
   *
   * @param model the model
   * @param dataset with the model's classes and the network's image shape
   * @param compute what runs the network
   * @return how well it does
   * @throws UserError where the data do not fit the model, or not one picture can be decoded
   */
  public static Evaluation of(Model model, Dataset dataset, Compute compute) {
    return of(model, dataset, Views.ONE, compute, TestListener.SILENT);
  }

  /**
   * As {@link #of(Model, Dataset, Compute)}, by several views of each image, and with somebody who
   * hears how far it is.
   *
   * @param model the model
   * @param dataset with the model's classes and the network's image shape
   * @param views what the network is shown of each image
   * @param compute what runs the network
   * @param listener hears how far it is
   * @return how well it does
   */
  public static Evaluation of(
      Model model, Dataset dataset, Views views, Compute compute, TestListener listener) {
    int classes = model.classes().size();
    Rows rows = new Rows(classes);
    TestPass.over(model, dataset, views, compute, listener, rows);
    return of(rows.all(), classes);
  }

  /**
   * Tests a network with what several trainers have of the images, each the rest of a stream of its
   * own. All of them get the same.
   *
   * @param session the network
   * @param batches this trainer's; they hold no more images than the session is for, perhaps none
   * @param exchange joins it with the others
   * @param listener hears how far this trainer is
   * @return how well it does on all images
   * @throws UserError where nobody has any, as no picture could be decoded
   */
  public static Evaluation of(
      InferenceSession session,
      BatchStream batches,
      GradientExchange exchange,
      TestListener listener) {
    int classes = session.architecture().classes();
    Rows rows = new Rows(classes);
    TestPass.over(session, batches, listener, rows);
    double[] all = exchange.join(rows.all());
    TestPass.requireSome(all.length / Rows.NUMBERS);
    return of(all, classes);
  }

  /** Counts image by image, so that sums do not depend on who tested how many at once. */
  private static Evaluation of(double[] rows, int classes) {
    Score score = Score.NONE;
    OfClass[] byClass = new OfClass[classes];
    Arrays.fill(byClass, new OfClass(0, 0));
    for (int row = 0; row < rows.length; row += Rows.NUMBERS) {
      Score image = Rows.score(rows, row);
      int label = Rows.label(rows, row);
      score = score.plus(image);
      byClass[label] = byClass[label].plus(image.correct() > 0);
    }
    return new Evaluation(
        score.images(), score.accuracy(), score.top5(), score.meanLoss(), List.of(byClass));
  }

  /**
   * What is kept of each image: its label, its loss, and whether it is known, alone and in five.
   */
  private static final class Rows implements TestPass.Reader {
    static final int NUMBERS = 4;

    private final int classes;
    private final DoubleStream.Builder numbers = DoubleStream.builder();

    Rows(int classes) {
      this.classes = classes;
    }

    @Override
    public void predicted(ImageBatch batch, List<Integer> images, float[] logits) {
      Target[] targets = batch.targets();
      for (int image = 0; image < batch.images(); image++) {
        Score score = CrossEntropy.score(logits, classes, targets, image, image + 1);
        numbers
            .add(batch.label(image))
            .add(score.loss())
            .add((double) score.correct())
            .add((double) score.correctTop5());
      }
    }

    double[] all() {
      return numbers.build().toArray();
    }

    static int label(double[] rows, int row) {
      return (int) rows[row];
    }

    static Score score(double[] rows, int row) {
      return new Score(1, rows[row + 1], (long) rows[row + 2], (long) rows[row + 3]);
    }
  }
}
