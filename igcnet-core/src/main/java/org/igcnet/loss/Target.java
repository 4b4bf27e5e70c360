package org.igcnet.loss;

import java.util.Arrays;

/**
 * What a network is to say of one image: a probability for each class.
 *
 * <pre>
 *   tₖ = (1 − s)(share·[k = label] + (1 − share)·[k = other]) + s / classes
 * </pre>
 *
 * @param label the class that most of the image shows
 * @param other the class of what is mixed into it, or the same
 * @param share the label's part of both, from 0 to 1: how much of the image shows it, times how
 *     much its class counts
 * @param smoothing s, the part of every probability that is spread over all classes evenly, from 0
 *     to below 1
 * @param weight what the image's loss is multiplied by, above 0
 */
public record Target(int label, int other, double share, double smoothing, double weight) {
  /**
   * Looks whether the numbers are possible.
   *
   * @throws IllegalArgumentException where they are not
   */
  public Target {
    if (!(share >= 0 && share <= 1) || !(smoothing >= 0 && smoothing < 1) || !(weight > 0)) {
      throw new IllegalArgumentException(
          "share %s, smoothing %s and weight %s make no target"
              .formatted(share, smoothing, weight));
    }
  }

  /**
   * {@return the target that is sure of one class}
   *
   * @param label the class
   */
  public static Target of(int label) {
    return new Target(label, label, 1, 0, 1);
  }

  /**
   * {@return the targets that are sure of one class each}
   *
   * @param labels the classes
   */
  public static Target[] all(int... labels) {
    return Arrays.stream(labels).mapToObj(Target::of).toArray(Target[]::new);
  }

  /**
   * {@return the target of an image into which another one is mixed} Its loss is {@code kept} of
   * this image's loss and the rest of the other's, so that each class counts as it does unmixed.
   *
   * @param second that of the other image, with the same smoothing; both are of one class each
   * @param kept how much of this image is left, from 0 to 1
   */
  public Target mixed(Target second, double kept) {
    double both = kept * weight + (1 - kept) * second.weight;
    double own = kept * weight / both;
    return kept >= 0.5
        ? new Target(label, second.label, own, smoothing, both)
        : new Target(second.label, label, 1 - own, smoothing, both);
  }

  /** {@return whether it is sure of one class, and counts as any image does} */
  public boolean isPlain() {
    return (share == 1 || label == other) && smoothing == 0 && weight == 1;
  }

  /**
   * {@return tₖ, the probability that the network is to give a class}
   *
   * @param k the class
   * @param classes how many classes there are
   */
  public double probability(int k, int classes) {
    double of = (k == label ? share : 0) + (k == other ? 1 - share : 0);
    return smoothing == 0 ? of : (1 - smoothing) * of + smoothing / classes;
  }
}
