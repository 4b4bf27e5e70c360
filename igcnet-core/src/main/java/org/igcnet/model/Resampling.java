package org.igcnet.model;

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
      float sum = 0;
      for (int k = 0; k < weights[i].length; k++) {
        sum += weights[i][k] * source[first[i] + k];
      }
      target[i] = sum;
    }
  }

  /**
   * Adds an old row, number {@code old}, to all new rows that read it; new rows stand one after the
   * other from {@code offset} on.
   */
  void scatter(int old, float[] row, float[] sums, int offset) {
    for (int i = 0; i < first.length; i++) {
      int k = old - first[i];
      if (k >= 0 && k < weights[i].length) {
        for (int x = 0; x < row.length; x++) {
          sums[offset + i * row.length + x] += weights[i][k] * row[x];
        }
      }
    }
  }
}
