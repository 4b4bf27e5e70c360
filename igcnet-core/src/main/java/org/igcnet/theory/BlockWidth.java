package org.igcnet.theory;

/**
 * The width of an interleaved group convolution against its parameters: equations 7 to 15. Channels
 * in and out are the same.
 *
 * @param primaryPartitions L
 * @param secondaryPartitions M
 * @param kernelSize S, the taps of the primary convolution, 9 for 3×3
 */
public record BlockWidth(int primaryPartitions, int secondaryPartitions, int kernelSize) {
  /** S of a 3×3 kernel. */
  public static final int SPATIAL = 9;

  /**
   * Takes the numbers as they are.
   *
   * @throws IllegalArgumentException where one is below 1
   */
  public BlockWidth {
    if (primaryPartitions < 1 || secondaryPartitions < 1 || kernelSize < 1) {
      throw new IllegalArgumentException(
          "L, M and S are at least 1, not %d, %d and %d"
              .formatted(primaryPartitions, secondaryPartitions, kernelSize));
    }
  }

  /** {@return G = L·M, the number of channels} */
  public long width() {
    return (long) primaryPartitions * secondaryPartitions;
  }

  /**
   * {@return T_igc = L·M²·S + M·L², the block's parameters (equations 7 and 11)}
   *
   * @throws ArithmeticException where they are more than a {@code long} holds
   */
  public long parameters() {
    long taps = Math.multiplyExact((long) secondaryPartitions, kernelSize);
    return Math.multiplyExact(width(), Math.addExact(taps, primaryPartitions));
  }

  /**
   * {@return whether it is wider than a regular convolution of as many parameters: L/(L−1) &lt; M·S
   * (9)}
   */
  public boolean widerThanRegular() {
    // Multiplied out, so that L = 1 needs no division by zero: it is never wider.
    long taps = (long) secondaryPartitions * kernelSize;
    return primaryPartitions > 1
        && primaryPartitions < Math.multiplyExact(taps, primaryPartitions - 1);
  }

  /** {@return whether no block of as many parameters is wider: L = M·S} */
  public boolean widest() {
    return primaryPartitions == (long) secondaryPartitions * kernelSize;
  }

  /** {@return the greatest width with as many parameters as this (15)} */
  public double widthBound() {
    return widthBound(parameters(), kernelSize);
  }

  /** {@return the width of a regular convolution with as many parameters as this (8)} */
  public double regularWidth() {
    return regularWidth(parameters(), kernelSize);
  }

  /**
   * {@return G ≤ (T / 2√S)^⅔, the bound on the width of any block of T parameters (15)}
   *
   * @param parameters T
   * @param kernelSize S, the taps of a spatial kernel
   */
  public static double widthBound(long parameters, int kernelSize) {
    return Math.pow(parameters / (2 * Math.sqrt(kernelSize)), 2.0 / 3);
  }

  /**
   * {@return T_rc = C²·S, the parameters of a regular convolution of C → C channels (8)}
   *
   * @param width C, channels in and out
   * @param kernelSize S, the taps of a spatial kernel
   */
  public static long regularParameters(int width, int kernelSize) {
    return Math.multiplyExact((long) width * width, kernelSize);
  }

  /**
   * {@return C = √(T/S), the width of a regular convolution of T parameters; not rounded (8)}
   *
   * @param parameters T
   * @param kernelSize S, the taps of a spatial kernel
   */
  public static double regularWidth(long parameters, int kernelSize) {
    return Math.sqrt((double) parameters / kernelSize);
  }
}
