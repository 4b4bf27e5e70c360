package org.igcnet.data;

/**
 * Random numbers that depend on nothing but the keys they are drawn from (SplitMix64: Steele, Lea
 * and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). Written here because
 * the JDK promises no algorithm for bounded numbers, and data must be the same bytes for ever.
 */
final class SplitMix {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  private SplitMix(long state) {
    this.state = state;
  }

  /** Numbers for one use: two lists of keys that differ anywhere give unrelated ones. */
  static SplitMix of(long... keys) {
    long state = 0;
    for (long key : keys) {
      state = mix(state + GOLDEN) ^ mix(key);
    }
    return new SplitMix(mix(state));
  }

  long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** From 0 to {@code bound - 1}; the bias is below bound / 2⁶⁴. */
  int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  /** From {@code low} to below {@code high}, evenly. */
  double between(double low, double high) {
    return low + (high - low) * ((next() >>> 11) * 0x1p-53);
  }

  /**
   * From the distribution Beta(α, α), by Jöhnk's method. Where α is so small that both powers are
   * 0, their logarithms tell how they compare.
   *
   * @param alpha α, above 0, at most 1: with more the method takes ever longer
   */
  double beta(double alpha) {
    while (true) {
      double u = between(0, 1);
      double v = between(0, 1);
      double x = StrictMath.pow(u, 1 / alpha);
      double y = StrictMath.pow(v, 1 / alpha);
      if (x + y == 0 && u + v > 0) {
        return 1 / (1 + StrictMath.exp((StrictMath.log(v) - StrictMath.log(u)) / alpha));
      }
      if (x + y > 0 && x + y <= 1) {
        return x / (x + y);
      }
    }
  }

  boolean coin() {
    return next() < 0;
  }

  /** Puts the values into random order, every order equally likely. */
  void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
