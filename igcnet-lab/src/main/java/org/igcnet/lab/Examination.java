package org.igcnet.lab;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Dataset;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.model.Model;

/** What a model takes each class for. */
final class Examination {
  private static final int BATCH = 64;
  private static final int MOST_MISTAKES = 24;

  private final int[][] confusion;
  private final List<Mistake> mistakes;

  private Examination(int[][] confusion, List<Mistake> mistakes) {
    this.confusion = confusion;
    this.mistakes = mistakes;
  }

  /**
   * An image that was taken for something else.
   *
   * @param image its index in the data set
   * @param label its class
   * @param taken the most probable class
   * @param probability of that one
   * @param ownProbability of its own class; the lower, the worse
   */
  record Mistake(int image, int label, int taken, double probability, double ownProbability) {}

  /**
   * Tests a model on every image, but for pictures that cannot be decoded.
   *
   * @param listener hears how far it is, and what was left out
   * @throws UserError where the images are not of the model's shape and classes, or not one can be
   *     decoded
   */
  static Examination of(Model model, Dataset images, Compute compute, ReportListener listener) {
    if (!images.classes().equals(model.classes())
        || !images.shape().equals(model.architecture().input())) {
      throw new UserError(
          "the model knows %d classes of images of %s, the data has %d of %s"
              .formatted(
                  model.classes().size(),
                  model.architecture().input(),
                  images.classes().size(),
                  images.shape()));
    }
    Examiner examiner = new Examiner(model);
    try (InferenceSession predictor = model.inference(BATCH, compute);
        BatchStream batches = BatchStream.inOrder(images, model.normalization(), BATCH)) {
      for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
        examiner.take(predictor.logits(batch), batches.images(), batch);
        int done = Math.min(images.size(), batches.passed() * BATCH);
        listener.progress("examining", done, images.size(), "images");
      }
      batches.skipped().forEach(listener::skipped);
    }
    Examination examination = examiner.examination();
    if (examination.images() == 0) {
      throw new UserError("there is nothing to test with: not one picture could be decoded");
    }
    return examination;
  }

  /** How many images of one class were taken for another, or for their own. */
  int count(int label, int taken) {
    return confusion[label][taken];
  }

  /** Number of images of a class. */
  int images(int label) {
    return Arrays.stream(confusion[label]).sum();
  }

  /** Number of images. */
  int images() {
    return IntStream.range(0, confusion.length).map(this::images).sum();
  }

  /** Top-1, in percent. */
  double accuracy() {
    int right = IntStream.range(0, confusion.length).map(c -> confusion[c][c]).sum();
    return 100.0 * right / images();
  }

  /** The worst first. */
  List<Mistake> mistakes() {
    return mistakes;
  }

  /** Counts, and keeps the worst mistakes. */
  private static final class Examiner {
    private final int classes;
    private final int[][] confusion;
    private final PriorityQueue<Mistake> worst =
        new PriorityQueue<>(Comparator.comparingDouble(Mistake::ownProbability).reversed());

    Examiner(Model model) {
      this.classes = model.classes().size();
      this.confusion = new int[classes][classes];
    }

    void take(float[] logits, List<Integer> indices, ImageBatch batch) {
      float[] own = new float[classes];
      for (int i = 0; i < batch.images(); i++) {
        System.arraycopy(logits, i * classes, own, 0, classes);
        take(indices.get(i), batch.label(i), CrossEntropy.probabilities(own, classes));
      }
    }

    private void take(int image, int label, double[] probabilities) {
      int taken = 0;
      for (int c = 1; c < classes; c++) {
        taken = probabilities[c] > probabilities[taken] ? c : taken;
      }
      confusion[label][taken]++;
      if (taken != label) {
        worst.add(new Mistake(image, label, taken, probabilities[taken], probabilities[label]));
        if (worst.size() > MOST_MISTAKES) {
          worst.remove();
        }
      }
    }

    Examination examination() {
      return new Examination(
          confusion,
          worst.stream().sorted(Comparator.comparingDouble(Mistake::ownProbability)).toList());
    }
  }
}
