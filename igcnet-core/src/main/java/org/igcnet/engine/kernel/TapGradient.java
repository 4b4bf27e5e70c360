package org.igcnet.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a {@link TapConvolution}'s weights: {@code dw[o][t] += Σ_row,col
 * gradient[o][row][col] · in[row][col + taps[t]]}.
 *
 * <p>The sums stay in registers over all positions of a strip, and are added to memory a vector
 * each: the sum over lanes is left to {@link #sumLanes}, once at the end. (The vector API's own
 * reduction may add in any order, so that its result may change when the compiler steps in.)
 */
public final class TapGradient {
  private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;

  private final int[] taps;
  private final int outputs;
  private final Steps in;
  private final Steps gradient;

  /**
   * Fixes everything but where the strips begin.
   *
   * @param taps where each tap lies, relative to the position under the output
   * @param outputs number of output channels
   * @param in steps of the input; the channel step is not used, taps hold it
   * @param gradient steps of the output's gradient
   */
  public TapGradient(int[] taps, int outputs, Steps in, Steps gradient) {
    this.taps = taps.clone();
    this.outputs = outputs;
    this.in = in;
    this.gradient = gradient;
  }

  /**
   * Adds a rectangle's part to the gradient of all weights.
   *
   * @param gradients the output's gradient
   * @param gradientBase its first value
   * @param from the input
   * @param fromBase the position under the first output
   * @param sums what to add to, {@code [output][tap][V]} from {@code sumBase} on
   * @param rows number of output rows
   * @param columns number of output columns
   */
  public void run(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    for (int first = 0, size; first < outputs; first += size) {
      int left = outputs - first;
      size = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      int g = gradientBase + first * gradient.channel();
      int s = sumBase + first * taps.length * SPECIES.length();
      for (int tap = 0, count; tap < taps.length; tap += count) {
        count = tapsAtOnce(size, taps.length - tap);
        tile(
            size,
            count,
            gradients,
            g,
            from,
            fromBase,
            tap,
            sums,
            s + tap * SPECIES.length(),
            rows,
            columns);
      }
    }
  }

  private static int tapsAtOnce(int outputs, int left) {
    return switch (outputs) {
      case 4 -> left == 3 || left == 6 || left == 9 ? 3 : left >= 4 ? 4 : 1;
      case 2 -> left >= 6 ? 6 : left >= 3 ? 3 : 1;
      default -> left >= 9 ? 9 : left >= 3 ? 3 : 1;
    };
  }

  private void tile(
      int outputs,
      int count,
      float[] gradients,
      int g,
      float[] from,
      int p,
      int tap,
      float[] sums,
      int s,
      int rows,
      int columns) {
    switch (outputs * 10 + count) {
      case 44 -> tile4x4(gradients, g, from, p, tap, sums, s, rows, columns);
      case 43 -> tile4x3(gradients, g, from, p, tap, sums, s, rows, columns);
      case 41 -> tile4x1(gradients, g, from, p, tap, sums, s, rows, columns);
      case 26 -> tile2x6(gradients, g, from, p, tap, sums, s, rows, columns);
      case 23 -> tile2x3(gradients, g, from, p, tap, sums, s, rows, columns);
      case 21 -> tile2x1(gradients, g, from, p, tap, sums, s, rows, columns);
      case 19 -> tile1x9(gradients, g, from, p, tap, sums, s, rows, columns);
      case 13 -> tile1x3(gradients, g, from, p, tap, sums, s, rows, columns);
      default -> tile1x1(gradients, g, from, p, tap, sums, s, rows, columns);
    }
  }

  /** 4 channels × 4 taps: 16 sums, 8 loads for 16 multiply-adds; needs 21 registers. */
  private void tile4x4(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int next = in.column();
    int step = gradient.column();
    int v = SPECIES.length();
    int output = taps.length * v;
    int t0 = taps[firstTap];
    int t1 = taps[firstTap + 1];
    int t2 = taps[firstTap + 2];
    int t3 = taps[firstTap + 3];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + v);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * v);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * v);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + v);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * v);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * v);
    FloatVector c0 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output);
    FloatVector c1 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + v);
    FloatVector c2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 2 * v);
    FloatVector c3 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 3 * v);
    FloatVector d0 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output);
    FloatVector d1 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + v);
    FloatVector d2 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 2 * v);
    FloatVector d3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 3 * v);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector g2 = FloatVector.fromArray(SPECIES, gradients, q + 2 * channel);
        FloatVector g3 = FloatVector.fromArray(SPECIES, gradients, q + 3 * channel);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        c0 = x.fma(g2, c0);
        d0 = x.fma(g3, d0);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        c1 = x.fma(g2, c1);
        d1 = x.fma(g3, d1);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        c2 = x.fma(g2, c2);
        d2 = x.fma(g3, d2);
        x = FloatVector.fromArray(SPECIES, from, p + t3);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        c3 = x.fma(g2, c3);
        d3 = x.fma(g3, d3);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + v);
    a2.intoArray(sums, sumBase + 2 * v);
    a3.intoArray(sums, sumBase + 3 * v);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + v);
    b2.intoArray(sums, sumBase + output + 2 * v);
    b3.intoArray(sums, sumBase + output + 3 * v);
    c0.intoArray(sums, sumBase + 2 * output);
    c1.intoArray(sums, sumBase + 2 * output + v);
    c2.intoArray(sums, sumBase + 2 * output + 2 * v);
    c3.intoArray(sums, sumBase + 2 * output + 3 * v);
    d0.intoArray(sums, sumBase + 3 * output);
    d1.intoArray(sums, sumBase + 3 * output + v);
    d2.intoArray(sums, sumBase + 3 * output + 2 * v);
    d3.intoArray(sums, sumBase + 3 * output + 3 * v);
  }

  /** 4 channels × 3 taps: a row of a 3×3 kernel where 4 taps do not divide it. */
  private void tile4x3(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int next = in.column();
    int step = gradient.column();
    int v = SPECIES.length();
    int output = taps.length * v;
    int t0 = taps[firstTap];
    int t1 = taps[firstTap + 1];
    int t2 = taps[firstTap + 2];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + v);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * v);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + v);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * v);
    FloatVector c0 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output);
    FloatVector c1 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + v);
    FloatVector c2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 2 * v);
    FloatVector d0 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output);
    FloatVector d1 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + v);
    FloatVector d2 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 2 * v);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector g2 = FloatVector.fromArray(SPECIES, gradients, q + 2 * channel);
        FloatVector g3 = FloatVector.fromArray(SPECIES, gradients, q + 3 * channel);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        c0 = x.fma(g2, c0);
        d0 = x.fma(g3, d0);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        c1 = x.fma(g2, c1);
        d1 = x.fma(g3, d1);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        c2 = x.fma(g2, c2);
        d2 = x.fma(g3, d2);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + v);
    a2.intoArray(sums, sumBase + 2 * v);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + v);
    b2.intoArray(sums, sumBase + output + 2 * v);
    c0.intoArray(sums, sumBase + 2 * output);
    c1.intoArray(sums, sumBase + 2 * output + v);
    c2.intoArray(sums, sumBase + 2 * output + 2 * v);
    d0.intoArray(sums, sumBase + 3 * output);
    d1.intoArray(sums, sumBase + 3 * output + v);
    d2.intoArray(sums, sumBase + 3 * output + 2 * v);
  }

  /** 4 channels × 1 tap, for what is left. */
  private void tile4x1(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int next = in.column();
    int step = gradient.column();
    int output = taps.length * SPECIES.length();
    int t0 = taps[firstTap];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector c0 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output);
    FloatVector d0 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector g2 = FloatVector.fromArray(SPECIES, gradients, q + 2 * channel);
        FloatVector g3 = FloatVector.fromArray(SPECIES, gradients, q + 3 * channel);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        c0 = x.fma(g2, c0);
        d0 = x.fma(g3, d0);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    b0.intoArray(sums, sumBase + output);
    c0.intoArray(sums, sumBase + 2 * output);
    d0.intoArray(sums, sumBase + 3 * output);
  }

  /** 2 channels × 6 taps: 12 sums, 8 loads for 12 multiply-adds; M=2. */
  private void tile2x6(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int next = in.column();
    int step = gradient.column();
    int v = SPECIES.length();
    int output = taps.length * v;
    int t0 = taps[firstTap];
    int t1 = taps[firstTap + 1];
    int t2 = taps[firstTap + 2];
    int t3 = taps[firstTap + 3];
    int t4 = taps[firstTap + 4];
    int t5 = taps[firstTap + 5];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + v);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * v);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * v);
    FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * v);
    FloatVector a5 = FloatVector.fromArray(SPECIES, sums, sumBase + 5 * v);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + v);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * v);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * v);
    FloatVector b4 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 4 * v);
    FloatVector b5 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 5 * v);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p + t3);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        x = FloatVector.fromArray(SPECIES, from, p + t4);
        a4 = x.fma(g0, a4);
        b4 = x.fma(g1, b4);
        x = FloatVector.fromArray(SPECIES, from, p + t5);
        a5 = x.fma(g0, a5);
        b5 = x.fma(g1, b5);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + v);
    a2.intoArray(sums, sumBase + 2 * v);
    a3.intoArray(sums, sumBase + 3 * v);
    a4.intoArray(sums, sumBase + 4 * v);
    a5.intoArray(sums, sumBase + 5 * v);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + v);
    b2.intoArray(sums, sumBase + output + 2 * v);
    b3.intoArray(sums, sumBase + output + 3 * v);
    b4.intoArray(sums, sumBase + output + 4 * v);
    b5.intoArray(sums, sumBase + output + 5 * v);
  }

  /** 2 channels × 3 taps, for what is left. */
  private void tile2x3(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int next = in.column();
    int step = gradient.column();
    int v = SPECIES.length();
    int output = taps.length * v;
    int t0 = taps[firstTap];
    int t1 = taps[firstTap + 1];
    int t2 = taps[firstTap + 2];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + v);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * v);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + v);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * v);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + v);
    a2.intoArray(sums, sumBase + 2 * v);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + v);
    b2.intoArray(sums, sumBase + output + 2 * v);
  }

  /** 2 channels × 1 tap, for what is left. */
  private void tile2x1(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int next = in.column();
    int step = gradient.column();
    int output = taps.length * SPECIES.length();
    int t0 = taps[firstTap];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    b0.intoArray(sums, sumBase + output);
  }

  /** 1 channel × 9 taps: a whole 3×3 kernel of a channel-wise convolution. */
  private void tile1x9(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int next = in.column();
    int step = gradient.column();
    int v = SPECIES.length();
    int t0 = taps[firstTap];
    int t1 = taps[firstTap + 1];
    int t2 = taps[firstTap + 2];
    int t3 = taps[firstTap + 3];
    int t4 = taps[firstTap + 4];
    int t5 = taps[firstTap + 5];
    int t6 = taps[firstTap + 6];
    int t7 = taps[firstTap + 7];
    int t8 = taps[firstTap + 8];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + v);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * v);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * v);
    FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * v);
    FloatVector a5 = FloatVector.fromArray(SPECIES, sums, sumBase + 5 * v);
    FloatVector a6 = FloatVector.fromArray(SPECIES, sums, sumBase + 6 * v);
    FloatVector a7 = FloatVector.fromArray(SPECIES, sums, sumBase + 7 * v);
    FloatVector a8 = FloatVector.fromArray(SPECIES, sums, sumBase + 8 * v);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a1 = x.fma(g0, a1);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a2 = x.fma(g0, a2);
        x = FloatVector.fromArray(SPECIES, from, p + t3);
        a3 = x.fma(g0, a3);
        x = FloatVector.fromArray(SPECIES, from, p + t4);
        a4 = x.fma(g0, a4);
        x = FloatVector.fromArray(SPECIES, from, p + t5);
        a5 = x.fma(g0, a5);
        x = FloatVector.fromArray(SPECIES, from, p + t6);
        a6 = x.fma(g0, a6);
        x = FloatVector.fromArray(SPECIES, from, p + t7);
        a7 = x.fma(g0, a7);
        x = FloatVector.fromArray(SPECIES, from, p + t8);
        a8 = x.fma(g0, a8);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + v);
    a2.intoArray(sums, sumBase + 2 * v);
    a3.intoArray(sums, sumBase + 3 * v);
    a4.intoArray(sums, sumBase + 4 * v);
    a5.intoArray(sums, sumBase + 5 * v);
    a6.intoArray(sums, sumBase + 6 * v);
    a7.intoArray(sums, sumBase + 7 * v);
    a8.intoArray(sums, sumBase + 8 * v);
  }

  /** 1 channel × 3 taps, for what is left. */
  private void tile1x3(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int next = in.column();
    int step = gradient.column();
    int v = SPECIES.length();
    int t0 = taps[firstTap];
    int t1 = taps[firstTap + 1];
    int t2 = taps[firstTap + 2];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + v);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * v);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a1 = x.fma(g0, a1);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a2 = x.fma(g0, a2);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + v);
    a2.intoArray(sums, sumBase + 2 * v);
  }

  /** 1 channel × 1 tap, for what is left. */
  private void tile1x1(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int firstTap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int next = in.column();
    int step = gradient.column();
    int t0 = taps[firstTap];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        p += next;
        q += step;
      }
    }
    a0.intoArray(sums, sumBase);
  }

  /**
   * Adds each vector's sum over lanes to a number, always in the same order.
   *
   * @param vectors {@code count} vectors from {@code base} on
   * @param to {@code count} numbers from {@code toBase} on
   */
  public static void sumLanes(float[] vectors, int base, int count, float[] to, int toBase) {
    int v = SPECIES.length();
    for (int i = 0; i < count; i++) {
      int at = base + i * v;
      float s0 = 0;
      float s1 = 0;
      float s2 = 0;
      float s3 = 0;
      for (int lane = at; lane < at + v; lane += 4) {
        s0 += vectors[lane];
        s1 += vectors[lane + 1];
        s2 += vectors[lane + 2];
        s3 += vectors[lane + 3];
      }
      to[toBase + i] += (s0 + s1) + (s2 + s3);
    }
  }
}
