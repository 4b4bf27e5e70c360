package org.igcnet.model;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Dataset;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;

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
  private static final int BATCH = 64;

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

  public Evaluation {
    classes = List.copyOf(classes);
  }

  /** Number of images that are taken for their class. */
  public long correct() {
    return classes.stream().mapToLong(OfClass::correct).sum();
  }

  /**
   * Tests a model.
   *
   * @param dataset with the model's classes and the network's image shape
   * @param compute what runs the network
   * @throws UserError where the data does not fit the model
   */
  public static Evaluation of(Model model, Dataset dataset, Compute compute) {
    if (!dataset.shape().equals(model.architecture().input())) {
      throw new UserError(
          "the model takes images of %s, those of the data are %s"
              .formatted(model.architecture().input(), dataset.shape()));
    }
    if (!dataset.classes().equals(model.classes())) {
      throw new UserError(
          "the model knows the classes %s, the data has %s"
              .formatted(model.classes(), dataset.classes()));
    }
    try (InferenceSession predictor = model.inference(BATCH, compute);
        BatchStream batches = BatchStream.inOrder(dataset, model.normalization(), BATCH)) {
      return of(predictor, batches);
    }
  }

  /**
   * Predicts the rest of a stream.
   *
   * @param batches its batches hold no more images than the predictor's capacity
   * @throws UserError where they hold none, as no picture could be decoded
   */
  public static Evaluation of(InferenceSession predictor, BatchStream batches) {
    return of(predictor, batches, _ -> {});
  }

  /**
   * As {@link #of(InferenceSession, BatchStream)}.
   *
   * @param tested is told the number of images so far, after each batch; what it throws ends the
   *     evaluation
   */
  public static Evaluation of(
      InferenceSession predictor, BatchStream batches, LongConsumer tested) {
    int classes = predictor.architecture().classes();
    Score score = Score.NONE;
    OfClass[] ofClass = new OfClass[classes];
    Arrays.fill(ofClass, new OfClass(0, 0));
    for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
      float[] logits = predictor.logits(batch);
      score = score.plus(CrossEntropy.score(logits, classes, batch.labels()));
      for (int image = 0; image < batch.images(); image++) {
        int label = batch.label(image);
        boolean right = CrossEntropy.correct(logits, image * classes, classes, label);
        ofClass[label] = ofClass[label].plus(right);
      }
      tested.accept(score.images());
    }
    if (score.images() == 0) {
      throw new UserError("there is nothing to test with: not one picture could be decoded");
    }
    return new Evaluation(
        score.images(), score.accuracy(), score.top5(), score.meanLoss(), List.of(ofClass));
  }
}
