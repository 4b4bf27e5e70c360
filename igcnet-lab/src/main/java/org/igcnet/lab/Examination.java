package org.igcnet.lab;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.data.Dataset;
import org.igcnet.data.Views;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.model.Model;
import org.igcnet.model.TestListener;
import org.igcnet.model.TestPass;

/** What a model takes each class for. */
final class Examination {
  private static final int MOST_MISTAKES = 24;

  private final int[][] confusion;
  private final List<Mistake> mistakes;

  private Examination(int[][] confusion, List<Mistake> mistakes) {
    this.confusion = confusion;
    this.mistakes = mistakes;
  }

  /** One that has counted so many images of each class for each. */
  static Examination counted(int[][] confusion) {
    return new Examination(confusion, List.of());
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
   * @throws org.igcnet.UserError where the images are not of the model's shape and classes, or not
   *     one can be decoded
   */
  static Examination of(Model model, Dataset images, Compute compute, ReportListener listener) {
    Examiner examiner = new Examiner(model);
    Examining examining = new Examining(listener, images.size());
    TestPass.over(model, images, Views.ONE, compute, examining, examiner);
    return examiner.examination();
  }

  private record Examining(ReportListener listener, int all) implements TestListener {
    @Override
    public void tested(long images) {
      listener.progress("examining", images, all, "images");
    }

    @Override
    public void skipped(String sentence) {
      listener.skipped(sentence);
    }
  }

  /** How many images of one class were taken for another, or for their own. */
  int count(int label, int taken) {
    return confusion[label][taken];
  }

  /** Number of images of a class. */
  int images(int label) {
    return Arrays.stream(confusion[label]).sum();
  }

  /** How many images of any class were taken for one. */
  int taken(int label) {
    return Arrays.stream(confusion).mapToInt(row -> row[label]).sum();
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
  private static final class Examiner implements TestPass.Reader {
    private final int classes;
    private final int[][] confusion;
    private final PriorityQueue<Mistake> worst =
        new PriorityQueue<>(Comparator.comparingDouble(Mistake::ownProbability).reversed());

    Examiner(Model model) {
      this.classes = model.classes().size();
      this.confusion = new int[classes][classes];
    }

    @Override
    public void predicted(ImageBatch batch, List<Integer> indices, float[] logits) {
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
