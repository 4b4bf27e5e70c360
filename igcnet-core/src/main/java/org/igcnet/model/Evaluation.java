package org.igcnet.model;

import java.util.Arrays;
import java.util.List;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
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
    Tally tally = new Tally(model.classes().size());
    TestPass.over(model, dataset, views, compute, listener, tally);
    return tally.evaluation();
  }

  /**
   * Tests a network with the rest of a stream.
   *
   * @param session the network
   * @param batches its batches hold no more images than the session is for
   * @param listener hears how far it is
   * @return how well it does
   * @throws UserError where they hold none, as no picture could be decoded
   */
  public static Evaluation of(
      InferenceSession session, BatchStream batches, TestListener listener) {
    Tally tally = new Tally(session.architecture().classes());
    TestPass.over(session, batches, listener, tally);
    return tally.evaluation();
  }

  /** Counts image by image, so that sums do not depend on how many are in a batch. */
  private static final class Tally implements TestPass.Reader {
    private final OfClass[] classes;
    private Score score = Score.NONE;

    Tally(int classes) {
      this.classes = new OfClass[classes];
      Arrays.fill(this.classes, new OfClass(0, 0));
    }

    @Override
    public void predicted(ImageBatch batch, List<Integer> images, float[] logits) {
      int count = classes.length;
      Target[] targets = batch.targets();
      for (int image = 0; image < batch.images(); image++) {
        score = score.plus(CrossEntropy.score(logits, count, targets, image, image + 1));
        int label = batch.label(image);
        boolean right = CrossEntropy.correct(logits, image * count, count, label);
        classes[label] = classes[label].plus(right);
      }
    }

    Evaluation evaluation() {
      return new Evaluation(
          score.images(), score.accuracy(), score.top5(), score.meanLoss(), List.of(classes));
    }
  }
}
