package org.igcnet.train;

/**
 * A running average that forgets at once what it began with: its window grows with the training,
 * until it is as long as is wanted.
 */
final class Warming {
  private Warming() {}

  /**
   * What the average keeps of itself in a step: at most (1 + t) / (10 + t).
   *
   * @param wanted what it keeps in the end
   * @param step t, from 0
   */
  static double kept(double wanted, long step) {
    return Math.min(wanted, (1.0 + step) / (10.0 + step));
  }
}
