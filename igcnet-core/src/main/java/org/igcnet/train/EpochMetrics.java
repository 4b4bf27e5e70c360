package org.igcnet.train;

import java.util.Optional;

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
    double imagesPerSecond) {}
