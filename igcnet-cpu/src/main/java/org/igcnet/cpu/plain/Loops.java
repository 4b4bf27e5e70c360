package org.igcnet.cpu.plain;

import java.util.Arrays;

/**
 * The loops that take the time. The compiler turns one into vectors where all arrays have the same
 * index in it, as it does not know whether two arrays are the same one: so what a convolution reads
 * from many places is first copied into rows of {@value #ROW} numbers that begin at 0.
 */
final class Loops {
  /** Length of a row: long beside what a loop takes at its ends, and many fit in a cache. */
  static final int ROW = 256;

  /** Rows that are multiplied at a time. */
  static final int SIDE_BY_SIDE = 4;

  private Loops() {}

  /**
   * Adds weighted rows to a row.
   *
   * @param rows their first {@code count} are added
   * @param weights that of the first is at {@code at}
   */
  static void add(float[][] rows, int count, float[] weights, int at, float[] sum) {
    int row = 0;
    for (; row + SIDE_BY_SIDE <= count; row += SIDE_BY_SIDE) {
      addFour(rows, row, weights, at + row, sum);
    }
    for (; row < count; row++) {
      addOne(rows[row], weights[at + row], sum);
    }
  }

  private static void addFour(float[][] rows, int row, float[] weights, int at, float[] sum) {
    float[] a = rows[row];
    float[] b = rows[row + 1];
    float[] c = rows[row + 2];
    float[] d = rows[row + 3];
    float ofA = weights[at];
    float ofB = weights[at + 1];
    float ofC = weights[at + 2];
    float ofD = weights[at + 3];
    for (int i = 0; i < ROW; i++) {
      sum[i] += ofA * a[i] + ofB * b[i] + ofC * c[i] + ofD * d[i];
    }
  }

  private static void addOne(float[] row, float weight, float[] sum) {
    for (int i = 0; i < ROW; i++) {
      sum[i] += weight * row[i];
    }
  }

  /** Adds the products of four rows from {@code x} on with four from {@code y} on to a row. */
  static void addProducts(float[][] xs, int x, float[][] ys, int y, float[] sum) {
    float[] a = xs[x];
    float[] b = xs[x + 1];
    float[] c = xs[x + 2];
    float[] d = xs[x + 3];
    float[] e = ys[y];
    float[] f = ys[y + 1];
    float[] g = ys[y + 2];
    float[] h = ys[y + 3];
    for (int i = 0; i < ROW; i++) {
      sum[i] += a[i] * e[i] + b[i] * f[i] + c[i] * g[i] + d[i] * h[i];
    }
  }

  /** Copies numbers into a row, which ends in zeros. */
  static void copy(float[] from, int at, int length, float[] row) {
    System.arraycopy(from, at, row, 0, length);
    Arrays.fill(row, length, ROW, 0);
  }

  /** Σx over a row or a run, by four sums, as one would wait for each addition to end. */
  static double sum(float[] x, int from, int length) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int end = from + length;
    int i = from;
    for (; i + 4 <= end; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < end; i++) {
      a += x[i];
    }
    return (a + b) + (c + d);
  }

  /** Σxy over a run of both, likewise. */
  static double sumProducts(float[] x, float[] y, int from, int length) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int end = from + length;
    int i = from;
    for (; i + 4 <= end; i += 4) {
      a += (double) x[i] * y[i];
      b += (double) x[i + 1] * y[i + 1];
      c += (double) x[i + 2] * y[i + 2];
      d += (double) x[i + 3] * y[i + 3];
    }
    for (; i < end; i++) {
      a += (double) x[i] * y[i];
    }
    return (a + b) + (c + d);
  }

  /** y = scale · x + shift. */
  static void scale(float[] x, float scale, float shift, float[] y, int from, int length) {
    for (int i = from; i < from + length; i++) {
      y[i] = scale * x[i] + shift;
    }
  }

  /** Of a·g + b·x + c. */
  record Coefficients(float a, float b, float c) {}

  /** Adds a·g + b·x + c. */
  static void add(Coefficients of, float[] g, float[] x, float[] sum, int from, int length) {
    float a = of.a();
    float b = of.b();
    float c = of.c();
    for (int i = from; i < from + length; i++) {
      sum[i] += a * g[i] + b * x[i] + c;
    }
  }

  /** x ← max(0, x). */
  static void rectify(float[] x, int from, int length) {
    for (int i = from; i < from + length; i++) {
      x[i] = Math.max(0, x[i]);
    }
  }

  /** Adds x, scaled, to a sum. */
  static void addScaled(float[] x, float scale, float[] sum, int from, int length) {
    for (int i = from; i < from + length; i++) {
      sum[i] += scale * x[i];
    }
  }

  /** g ← 0 where x = max(0, …) is not positive: its sign is 1 or 0 else. */
  static void gate(float[] x, float[] g, int from, int length) {
    for (int i = from; i < from + length; i++) {
      g[i] *= Math.signum(x[i]);
    }
  }

  /** Adds numbers from {@code at} on to those from {@code to} on. */
  static void addRun(float[] x, int at, float[] sum, int to, int length) {
    for (int i = 0; i < length; i++) {
      sum[to + i] += x[at + i];
    }
  }

  /** Takes {@code count} numbers, {@code step} apart. */
  static void gather(float[] x, int at, int step, float[] to, int first, int count) {
    for (int i = 0; i < count; i++) {
      to[first + i] = x[at + i * step];
    }
  }

  /** Adds {@code count} numbers to others, {@code step} apart. */
  static void scatter(float[] x, int first, float[] to, int at, int step, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i * step] += x[first + i];
    }
  }
}
