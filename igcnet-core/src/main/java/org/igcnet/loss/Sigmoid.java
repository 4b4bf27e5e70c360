package org.igcnet.loss;

/** σ(x) = 1 / (1 + e⁻ˣ), by {@link StrictMath}, so that the bits are the same on every machine. */
public final class Sigmoid {
  private Sigmoid() {}

  /**
   * {@return σ(x)}
   *
   * @param x any number
   */
  public static float of(float x) {
    return (float) (1 / (1 + StrictMath.exp(-x)));
  }

  /**
   * {@return σ′(x) = y · (1 − y)}
   *
   * @param y σ(x)
   */
  public static float slope(float y) {
    return y * (1 - y);
  }

  /**
   * Replaces values by σ of them.
   *
   * @param values hold them
   * @param from the index of the first
   * @param count how many
   */
  public static void apply(float[] values, int from, int count) {
    for (int i = from; i < from + count; i++) {
      values[i] = of(values[i]);
    }
  }

  /**
   * Replaces gradients after σ by those before it, g · σ′(x).
   *
   * @param gradients hold g
   * @param from the index of the first
   * @param outputs hold y = σ(x)
   * @param at the index of the first
   * @param count how many
   */
  public static void differentiate(
      float[] gradients, int from, float[] outputs, int at, int count) {
    for (int i = 0; i < count; i++) {
      gradients[from + i] *= slope(outputs[at + i]);
    }
  }
}
