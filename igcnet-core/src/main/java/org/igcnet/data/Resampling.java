package org.igcnet.data;

/**
 * Resizes along one axis with a triangle filter: linear interpolation where the image grows, and
 * where it shrinks a weighted mean over all that a new pixel covers, as Pillow's and torchvision's
 * antialiased bilinear resizing.
 */
final class Resampling {
  /** For each new pixel, the first old one that it reads. */
  private final int[] first;

  /** For each new pixel, the weights of the old ones from there on; their sum is 1. */
  private final float[][] weights;

  private Resampling(int[] first, float[][] weights) {
    this.first = first;
    this.weights = weights;
  }

  /** From {@code from} to {@code to} pixels. */
  static Resampling of(int from, int to) {
    double scale = (double) from / to;
    double reach = Math.max(scale, 1);
    int[] first = new int[to];
    float[][] weights = new float[to][];
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * scale;
      first[i] = (int) Math.max(0, Math.round(centre - reach));
      int end = (int) Math.min(from, Math.round(centre + reach));
      weights[i] = triangle(centre - first[i] - 0.5, reach, end - first[i]);
    }
    return new Resampling(first, weights);
  }

  private static float[] triangle(double peak, double reach, int length) {
    double[] heights = new double[length];
    double sum = 0;
    for (int i = 0; i < length; i++) {
      heights[i] = Math.max(0, 1 - Math.abs(i - peak) / reach);
      sum += heights[i];
    }
    float[] weights = new float[length];
    for (int i = 0; i < length; i++) {
      weights[i] = (float) (heights[i] / sum);
    }
    return weights;
  }

  /** Resizes one row. */
  void apply(float[] source, float[] target) {
    for (int i = 0; i < target.length; i++) {
      float[] weight = weights[i];
      int from = first[i];
      float sum = 0;
      for (int k = 0; k < weight.length; k++) {
        sum += weight[k] * source[from + k];
      }
      target[i] = sum;
    }
  }

  /**
   * Adds an old row, number {@code old}, to all new rows that read it; new rows stand one after the
   * other from {@code offset} on.
   */
  void scatter(int old, float[] row, float[] sums, int offset) {
    for (int i = firstReader(old); i < first.length && first[i] <= old; i++) {
      float weight = weights[i][old - first[i]];
      int to = offset + i * row.length;
      for (int x = 0; x < row.length; x++) {
        sums[to + x] += weight * row[x];
      }
    }
  }

  /**
   * The first new pixel that reads an old one, or one after it: each reads on where the last did.
   */
  private int firstReader(int old) {
    int low = 0;
    int high = first.length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (first[middle] + weights[middle].length <= old) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
