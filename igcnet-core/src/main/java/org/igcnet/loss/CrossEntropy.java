package org.igcnet.loss;

/**
 * The softmax and its loss, −w Σ tₖ log pₖ for the {@linkplain Target target} t of weight w. Sums
 * are in double precision and the exponentials those of {@link StrictMath}, so that the bits are
 * the same on every machine.
 */
public final class CrossEntropy {
  private static final int TOP = 5;

  private CrossEntropy() {}

  /**
   * Sums over some images, to be added up.
   *
   * @param images how many
   * @param loss the sum of their losses
   * @param correct those whose label has the greatest logit
   * @param correctTop5 those whose label is among the five greatest
   */
  public record Score(long images, double loss, long correct, long correctTop5) {
    /** Of no image. */
    public static final Score NONE = new Score(0, 0, 0, 0);

    /**
     * Adds the sums over other images.
     *
     * @param other those sums
     * @return the sums over all these images
     */
    public Score plus(Score other) {
      return new Score(
          images + other.images,
          loss + other.loss,
          correct + other.correct,
          correctTop5 + other.correctTop5);
    }

    /** {@return the mean loss of an image} */
    public double meanLoss() {
      return loss / images;
    }

    /** {@return top-1, in percent} */
    public double accuracy() {
      return 100.0 * correct / images;
    }

    /** {@return top-5, in percent} */
    public double top5() {
      return 100.0 * correctTop5 / images;
    }
  }

  /**
   * Scores logits.
   *
   * @param logits {@code [image][class]}; what lies beyond the targets' images is not read
   * @param classes number of classes
   * @param targets of the images
   * @return the sums over the images
   */
  public static Score score(float[] logits, int classes, Target[] targets) {
    return score(logits, classes, targets, 0, targets.length);
  }

  /**
   * Scores the logits of some images.
   *
   * @param logits {@code [image][class]}, of more images than these perhaps
   * @param classes number of classes
   * @param targets of the images that the logits are of
   * @param first the first of them
   * @param end the image after the last
   * @return the sums over the images
   */
  public static Score score(float[] logits, int classes, Target[] targets, int first, int end) {
    Score score = Score.NONE;
    for (int image = first; image < end; image++) {
      score = score.plus(score(logits, image * classes, classes, targets[image]));
    }
    return score;
  }

  /**
   * The gradient of the mean loss, w(p − t) / mean.
   *
   * @param logits {@code [image][class]}
   * @param classes number of classes
   * @param targets of the images
   * @param mean how many images the mean is over, these among them
   * @param gradients gets one value for each logit, {@code [image][class]}
   */
  public static void gradient(
      float[] logits, int classes, Target[] targets, int mean, float[] gradients) {
    for (int image = 0; image < targets.length; image++) {
      Target target = targets[image];
      int from = image * classes;
      double log = logSum(logits, from, classes);
      for (int c = 0; c < classes; c++) {
        double p = StrictMath.exp(logits[from + c] - log);
        gradients[from + c] =
            (float) (target.weight() * (p - target.probability(c, classes)) / mean);
      }
    }
  }

  /**
   * {@return the softmax of one image's logits, which stand at the beginning of the array}
   *
   * @param logits {@code [class]}; what follows them is not read
   * @param classes number of classes
   */
  public static double[] probabilities(float[] logits, int classes) {
    return probabilities(logits, 0, classes);
  }

  /**
   * {@return the softmax of one image's logits}
   *
   * @param logits {@code [image][class]}
   * @param image which
   * @param classes number of classes
   */
  public static double[] probabilities(float[] logits, int image, int classes) {
    int from = image * classes;
    double log = logSum(logits, from, classes);
    double[] probabilities = new double[classes];
    for (int c = 0; c < classes; c++) {
      probabilities[c] = StrictMath.exp(logits[from + c] - log);
    }
    return probabilities;
  }

  private static Score score(float[] logits, int from, int classes, Target target) {
    double log = logSum(logits, from, classes);
    double loss = 0;
    for (int c = 0; c < classes; c++) {
      double wanted = target.probability(c, classes);
      // A class that is not wanted costs nothing, however improbable it is.
      loss += wanted == 0 ? 0 : wanted * (log - logits[from + c]);
    }
    int rank = rank(logits, from, classes, target.label());
    return new Score(1, target.weight() * loss, rank == 0 ? 1 : 0, rank < TOP ? 1 : 0);
  }

  private static int rank(float[] logits, int from, int classes, int label) {
    int rank = 0;
    for (int c = 0; c < classes; c++) {
      if (c != label && stands(c, label, logits, from)) {
        rank++;
      }
    }
    return rank;
  }

  /** Whether class c stands before the label; of equals the first does, and a NaN always. */
  private static boolean stands(int c, int label, float[] logits, int from) {
    float own = logits[from + label];
    float other = logits[from + c];
    return c < label ? !(other < own) : !(other <= own);
  }

  /** log Σ exp, by the greatest logit, so that nothing overflows. */
  private static double logSum(float[] logits, int from, int classes) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++) {
      greatest = Math.max(greatest, logits[from + c]);
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += StrictMath.exp(logits[from + c] - greatest);
    }
    return greatest + StrictMath.log(sum);
  }
}
