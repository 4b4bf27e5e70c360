package org.igcnet.bench;

import java.util.Arrays;

/** Order statistics. */
final class Quantiles {
  private Quantiles() {}

  /**
   * The value that a share of the values do not exceed, interpolated between neighbours.
   *
   * @param values at least one, in any order
   * @param share 0 the least, 0.5 the median, 1 the greatest
   */
  static double of(double[] values, double share) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
