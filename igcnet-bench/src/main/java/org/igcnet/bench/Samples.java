package org.igcnet.bench;

import java.util.Arrays;
import java.util.List;

/** Durations of steps, in order of time. */
final class Samples {
  private final long[] nanoseconds;

  /**
   * Takes an array over.
   *
   * @param nanoseconds one for each step; at least one
   */
  Samples(long[] nanoseconds) {
    if (nanoseconds.length == 0) {
      throw new IllegalArgumentException("no step was measured");
    }
    this.nanoseconds = nanoseconds;
  }

  /** All of them together. */
  static Samples joined(List<Samples> parts) {
    return new Samples(
        parts.stream().flatMapToLong(part -> Arrays.stream(part.nanoseconds)).toArray());
  }

  int count() {
    return nanoseconds.length;
  }

  /**
   * The duration, in seconds, that a share of the steps do not exceed.
   *
   * @param share 0 the shortest, 0.5 the median, 1 the longest
   */
  double quantile(double share) {
    return Quantiles.of(Arrays.stream(nanoseconds).asDoubleStream().toArray(), share) / 1e9;
  }

  double median() {
    return quantile(0.5);
  }
}
