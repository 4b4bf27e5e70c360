package org.igcnet.lab;

import java.util.OptionalDouble;
import org.igcnet.train.EpochMetrics;

/** What a table of the paper tells of a trained network, in percent. */
public enum Measure {
  ACCURACY("%s accuracy", true),
  ERROR("%s error", false),
  TOP5_ERROR("top-5 %s error", false),
  /** This and the next are of the training images as they were trained on, over the last epoch. */
  TRAINING_ERROR("training error", false),
  TRAINING_TOP5_ERROR("top-5 training error", false);

  private final String words;
  private final boolean higherIsBetter;

  Measure(String words, boolean higherIsBetter) {
    this.words = words;
    this.higherIsBetter = higherIsBetter;
  }

  /**
   * What it is called in a table's heading.
   *
   * @param measured what the images that are measured with are for: {@code test} or {@code
   *     validation}
   */
  public String words(String measured) {
    return words.replace("%s", measured);
  }

  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /** Its value after an epoch, in percent, if it is measured. */
  public OptionalDouble of(EpochMetrics metrics) {
    return switch (this) {
      case ACCURACY -> OptionalDouble.of(metrics.testAccuracy());
      case ERROR -> OptionalDouble.of(100 - metrics.testAccuracy());
      case TOP5_ERROR -> OptionalDouble.of(100 - metrics.testTop5());
      case TRAINING_ERROR -> OptionalDouble.of(100 - metrics.trainAccuracy());
      case TRAINING_TOP5_ERROR ->
          metrics
              .trainTop5()
              .map(top5 -> OptionalDouble.of(100 - top5))
              .orElse(OptionalDouble.empty());
    };
  }
}
