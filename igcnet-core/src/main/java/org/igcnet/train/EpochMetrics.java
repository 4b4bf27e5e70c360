package org.igcnet.train;

import java.util.Optional;
import org.igcnet.UserError;

/**
 * One line of {@code metrics.jsonl}.
 *
 * @param epoch which, from 1
 * @param step steps done since the training began
 * @param learningRate that of the epoch's last step
 * @param trainLoss mean cross entropy of the training images, each before the step that it was in
 * @param trainAccuracy top-1 of the same, in percent
 * @param trainTop5 top-5 of the same, in percent, if it was measured: not by older programs
 * @param testLoss mean cross entropy of the test images after the epoch
 * @param testAccuracy top-1 of the same, in percent
 * @param testTop5 top-5 of the same, in percent
 * @param seconds that the epoch's training took, the test not counted
 * @param imagesPerSecond training images in one of those seconds
 */
public record EpochMetrics(
    int epoch,
    long step,
    double learningRate,
    double trainLoss,
    double trainAccuracy,
    Optional<Double> trainTop5,
    double testLoss,
    double testAccuracy,
    double testTop5,
    double seconds,
    double imagesPerSecond) {
  /** No cross entropy of 32-bit floats is larger. */
  private static final double LARGEST_LOSS = 1e39;

  private static final double FASTEST = 1e15;

  /**
   * Looks whether a training can come to such figures.
   *
   * @throws UserError where one is out of its range, as files may hold it
   */
  public EpochMetrics {
    require("epoch", epoch, 1, Integer.MAX_VALUE);
    require("step", (double) step, 0, Long.MAX_VALUE);
    require("learning rate", learningRate, 0, 1000);
    require("loss", trainLoss, 0, LARGEST_LOSS);
    require("loss", testLoss, 0, LARGEST_LOSS);
    require("accuracy in percent", trainAccuracy, 0, 100);
    trainTop5.ifPresent(top5 -> require("accuracy in percent", top5, 0, 100));
    require("accuracy in percent", testAccuracy, 0, 100);
    require("accuracy in percent", testTop5, 0, 100);
    require("time in seconds", seconds, 0, Double.MAX_VALUE);
    require("number of images a second", imagesPerSecond, Double.MIN_VALUE, FASTEST);
  }

  /**
   * {@return whether it tests better than the best epoch before it, or is the first} Of equals the
   * earlier stays the best.
   *
   * @param best the best epoch before it
   */
  boolean isBetterThan(Optional<EpochMetrics> best) {
    return best.map(before -> testAccuracy > before.testAccuracy).orElse(true);
  }

  private static void require(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new UserError("%s is no %s".formatted(value, what));
    }
  }
}
