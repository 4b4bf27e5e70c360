package org.igcnet.cpu.kernel;

/** One partition's weights as {@link TapConvolution} wants them, somewhere in an array. */
public final class TapWeights {
  private final float[] values;
  private final int base;

  /**
   * @param values hold the weights, from {@code base} on
   */
  public TapWeights(float[] values, int base) {
    this.values = values;
    this.base = base;
  }

  float[] values() {
    return values;
  }

  int base() {
    return base;
  }
}
