package org.igcnet.cpu.kernel;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles of {@link TapGradient}.
 *
 * <p>{@code build/Tiles.java} says which there are, and writes this file.
 */
final class GradientTiles {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final int V = Lanes.COUNT;

  private final int[] taps;
  private final Steps in;
  private final Steps gradient;

  GradientTiles(int[] taps, Steps in, Steps gradient) {
    this.taps = taps;
    this.in = in;
    this.gradient = gradient;
  }

  void runs(
      int channels,
      int count,
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    switch (10 * channels + count) {
      case 29 ->
          runs2x9(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 23 ->
          runs2x3(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 19 ->
          runs1x9(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 16 ->
          runs1x6(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 13 ->
          runs1x3(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      default -> throw new IllegalArgumentException(channels + " × " + count);
    }
  }

  /** 2 channels × 9 taps: 18 sums; 16 loads for 36 multiply-adds. */
  private void runs2x9(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 3];
    int t2 = taps[tap + 6];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * V);
    FloatVector a5 = FloatVector.fromArray(SPECIES, sums, sumBase + 5 * V);
    FloatVector a6 = FloatVector.fromArray(SPECIES, sums, sumBase + 6 * V);
    FloatVector a7 = FloatVector.fromArray(SPECIES, sums, sumBase + 7 * V);
    FloatVector a8 = FloatVector.fromArray(SPECIES, sums, sumBase + 8 * V);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
    FloatVector b4 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 4 * V);
    FloatVector b5 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 5 * V);
    FloatVector b6 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 6 * V);
    FloatVector b7 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 7 * V);
    FloatVector b8 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 8 * V);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column += 2) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector h0 = FloatVector.fromArray(SPECIES, gradients, q + V);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector h1 = FloatVector.fromArray(SPECIES, gradients, q + channel + V);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + V);
        a0 = x.fma(h0, a0);
        a1 = x.fma(g0, a1);
        b0 = x.fma(h1, b0);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 2 * V);
        a1 = x.fma(h0, a1);
        a2 = x.fma(g0, a2);
        b1 = x.fma(h1, b1);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 3 * V);
        a2 = x.fma(h0, a2);
        b2 = x.fma(h1, b2);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + V);
        a3 = x.fma(h0, a3);
        a4 = x.fma(g0, a4);
        b3 = x.fma(h1, b3);
        b4 = x.fma(g1, b4);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + 2 * V);
        a4 = x.fma(h0, a4);
        a5 = x.fma(g0, a5);
        b4 = x.fma(h1, b4);
        b5 = x.fma(g1, b5);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + 3 * V);
        a5 = x.fma(h0, a5);
        b5 = x.fma(h1, b5);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a6 = x.fma(g0, a6);
        b6 = x.fma(g1, b6);
        x = FloatVector.fromArray(SPECIES, from, p + t2 + V);
        a6 = x.fma(h0, a6);
        a7 = x.fma(g0, a7);
        b6 = x.fma(h1, b6);
        b7 = x.fma(g1, b7);
        x = FloatVector.fromArray(SPECIES, from, p + t2 + 2 * V);
        a7 = x.fma(h0, a7);
        a8 = x.fma(g0, a8);
        b7 = x.fma(h1, b7);
        b8 = x.fma(g1, b8);
        x = FloatVector.fromArray(SPECIES, from, p + t2 + 3 * V);
        a8 = x.fma(h0, a8);
        b8 = x.fma(h1, b8);
        p += 2 * V;
        q += 2 * V;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    a4.intoArray(sums, sumBase + 4 * V);
    a5.intoArray(sums, sumBase + 5 * V);
    a6.intoArray(sums, sumBase + 6 * V);
    a7.intoArray(sums, sumBase + 7 * V);
    a8.intoArray(sums, sumBase + 8 * V);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + V);
    b2.intoArray(sums, sumBase + output + 2 * V);
    b3.intoArray(sums, sumBase + output + 3 * V);
    b4.intoArray(sums, sumBase + output + 4 * V);
    b5.intoArray(sums, sumBase + output + 5 * V);
    b6.intoArray(sums, sumBase + output + 6 * V);
    b7.intoArray(sums, sumBase + output + 7 * V);
    b8.intoArray(sums, sumBase + output + 8 * V);
  }

  /** 2 channels × 3 taps: 6 sums; 8 loads for 12 multiply-adds. */
  private void runs2x3(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column += 2) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector h0 = FloatVector.fromArray(SPECIES, gradients, q + V);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q + channel);
        FloatVector h1 = FloatVector.fromArray(SPECIES, gradients, q + channel + V);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + V);
        a0 = x.fma(h0, a0);
        a1 = x.fma(g0, a1);
        b0 = x.fma(h1, b0);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 2 * V);
        a1 = x.fma(h0, a1);
        a2 = x.fma(g0, a2);
        b1 = x.fma(h1, b1);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 3 * V);
        a2 = x.fma(h0, a2);
        b2 = x.fma(h1, b2);
        p += 2 * V;
        q += 2 * V;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + V);
    b2.intoArray(sums, sumBase + output + 2 * V);
  }

  /** 1 channel × 9 taps: 9 sums; 14 loads for 18 multiply-adds. */
  private void runs1x9(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int t0 = taps[tap];
    int t1 = taps[tap + 3];
    int t2 = taps[tap + 6];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * V);
    FloatVector a5 = FloatVector.fromArray(SPECIES, sums, sumBase + 5 * V);
    FloatVector a6 = FloatVector.fromArray(SPECIES, sums, sumBase + 6 * V);
    FloatVector a7 = FloatVector.fromArray(SPECIES, sums, sumBase + 7 * V);
    FloatVector a8 = FloatVector.fromArray(SPECIES, sums, sumBase + 8 * V);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column += 2) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector h0 = FloatVector.fromArray(SPECIES, gradients, q + V);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + V);
        a0 = x.fma(h0, a0);
        a1 = x.fma(g0, a1);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 2 * V);
        a1 = x.fma(h0, a1);
        a2 = x.fma(g0, a2);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 3 * V);
        a2 = x.fma(h0, a2);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a3 = x.fma(g0, a3);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + V);
        a3 = x.fma(h0, a3);
        a4 = x.fma(g0, a4);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + 2 * V);
        a4 = x.fma(h0, a4);
        a5 = x.fma(g0, a5);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + 3 * V);
        a5 = x.fma(h0, a5);
        x = FloatVector.fromArray(SPECIES, from, p + t2);
        a6 = x.fma(g0, a6);
        x = FloatVector.fromArray(SPECIES, from, p + t2 + V);
        a6 = x.fma(h0, a6);
        a7 = x.fma(g0, a7);
        x = FloatVector.fromArray(SPECIES, from, p + t2 + 2 * V);
        a7 = x.fma(h0, a7);
        a8 = x.fma(g0, a8);
        x = FloatVector.fromArray(SPECIES, from, p + t2 + 3 * V);
        a8 = x.fma(h0, a8);
        p += 2 * V;
        q += 2 * V;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    a4.intoArray(sums, sumBase + 4 * V);
    a5.intoArray(sums, sumBase + 5 * V);
    a6.intoArray(sums, sumBase + 6 * V);
    a7.intoArray(sums, sumBase + 7 * V);
    a8.intoArray(sums, sumBase + 8 * V);
  }

  /** 1 channel × 6 taps: 6 sums; 10 loads for 12 multiply-adds. */
  private void runs1x6(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int t0 = taps[tap];
    int t1 = taps[tap + 3];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * V);
    FloatVector a5 = FloatVector.fromArray(SPECIES, sums, sumBase + 5 * V);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column += 2) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector h0 = FloatVector.fromArray(SPECIES, gradients, q + V);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + V);
        a0 = x.fma(h0, a0);
        a1 = x.fma(g0, a1);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 2 * V);
        a1 = x.fma(h0, a1);
        a2 = x.fma(g0, a2);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 3 * V);
        a2 = x.fma(h0, a2);
        x = FloatVector.fromArray(SPECIES, from, p + t1);
        a3 = x.fma(g0, a3);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + V);
        a3 = x.fma(h0, a3);
        a4 = x.fma(g0, a4);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + 2 * V);
        a4 = x.fma(h0, a4);
        a5 = x.fma(g0, a5);
        x = FloatVector.fromArray(SPECIES, from, p + t1 + 3 * V);
        a5 = x.fma(h0, a5);
        p += 2 * V;
        q += 2 * V;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    a4.intoArray(sums, sumBase + 4 * V);
    a5.intoArray(sums, sumBase + 5 * V);
  }

  /** 1 channel × 3 taps: 3 sums; 6 loads for 6 multiply-adds. */
  private void runs1x3(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int t0 = taps[tap];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column += 2) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector h0 = FloatVector.fromArray(SPECIES, gradients, q + V);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + V);
        a0 = x.fma(h0, a0);
        a1 = x.fma(g0, a1);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 2 * V);
        a1 = x.fma(h0, a1);
        a2 = x.fma(g0, a2);
        x = FloatVector.fromArray(SPECIES, from, p + t0 + 3 * V);
        a2 = x.fma(h0, a2);
        p += 2 * V;
        q += 2 * V;
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
  }

  void lines(
      int channels,
      int count,
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    switch (10 * channels + count) {
      case 46 ->
          lines4x6(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 24 ->
          lines2x4(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      default -> throw new IllegalArgumentException(channels + " × " + count);
    }
  }

  /** 4 channels × 6 taps: 24 sums; 10 loads for 24 multiply-adds. */
  private void lines4x6(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    int t4 = taps[tap + 4];
    int t5 = taps[tap + 5];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * V);
    FloatVector a5 = FloatVector.fromArray(SPECIES, sums, sumBase + 5 * V);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
    FloatVector b4 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 4 * V);
    FloatVector b5 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 5 * V);
    FloatVector c0 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output);
    FloatVector c1 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + V);
    FloatVector c2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 2 * V);
    FloatVector c3 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 3 * V);
    FloatVector c4 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 4 * V);
    FloatVector c5 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 5 * V);
    FloatVector d0 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output);
    FloatVector d1 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + V);
    FloatVector d2 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 2 * V);
    FloatVector d3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 3 * V);
    FloatVector d4 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 4 * V);
    FloatVector d5 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 5 * V);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * V;
        int q = gradientBase + row * gradient.row() + column * V;
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
        x = FloatVector.fromArray(SPECIES, from, p + t4);
        a4 = x.fma(g0, a4);
        b4 = x.fma(g1, b4);
        c4 = x.fma(g2, c4);
        d4 = x.fma(g3, d4);
        x = FloatVector.fromArray(SPECIES, from, p + t5);
        a5 = x.fma(g0, a5);
        b5 = x.fma(g1, b5);
        c5 = x.fma(g2, c5);
        d5 = x.fma(g3, d5);
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    a4.intoArray(sums, sumBase + 4 * V);
    a5.intoArray(sums, sumBase + 5 * V);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + V);
    b2.intoArray(sums, sumBase + output + 2 * V);
    b3.intoArray(sums, sumBase + output + 3 * V);
    b4.intoArray(sums, sumBase + output + 4 * V);
    b5.intoArray(sums, sumBase + output + 5 * V);
    c0.intoArray(sums, sumBase + 2 * output);
    c1.intoArray(sums, sumBase + 2 * output + V);
    c2.intoArray(sums, sumBase + 2 * output + 2 * V);
    c3.intoArray(sums, sumBase + 2 * output + 3 * V);
    c4.intoArray(sums, sumBase + 2 * output + 4 * V);
    c5.intoArray(sums, sumBase + 2 * output + 5 * V);
    d0.intoArray(sums, sumBase + 3 * output);
    d1.intoArray(sums, sumBase + 3 * output + V);
    d2.intoArray(sums, sumBase + 3 * output + 2 * V);
    d3.intoArray(sums, sumBase + 3 * output + 3 * V);
    d4.intoArray(sums, sumBase + 3 * output + 4 * V);
    d5.intoArray(sums, sumBase + 3 * output + 5 * V);
  }

  /** 2 channels × 4 taps: 8 sums; 6 loads for 8 multiply-adds. */
  private void lines2x4(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * V;
        int q = gradientBase + row * gradient.row() + column * V;
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
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + V);
    b2.intoArray(sums, sumBase + output + 2 * V);
    b3.intoArray(sums, sumBase + output + 3 * V);
  }

  void points(
      int channels,
      int count,
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    switch (10 * channels + count) {
      case 44 ->
          points4x4(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 41 ->
          points4x1(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 24 ->
          points2x4(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 21 ->
          points2x1(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 14 ->
          points1x4(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 11 ->
          points1x1(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      default -> throw new IllegalArgumentException(channels + " × " + count);
    }
  }

  /** 4 channels × 4 taps: 16 sums; 8 loads for 16 multiply-adds. */
  private void points4x4(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
    FloatVector c0 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output);
    FloatVector c1 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + V);
    FloatVector c2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 2 * V);
    FloatVector c3 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + 3 * V);
    FloatVector d0 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output);
    FloatVector d1 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + V);
    FloatVector d2 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 2 * V);
    FloatVector d3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + 3 * V);
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
        p += in.column();
        q += gradient.column();
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + V);
    b2.intoArray(sums, sumBase + output + 2 * V);
    b3.intoArray(sums, sumBase + output + 3 * V);
    c0.intoArray(sums, sumBase + 2 * output);
    c1.intoArray(sums, sumBase + 2 * output + V);
    c2.intoArray(sums, sumBase + 2 * output + 2 * V);
    c3.intoArray(sums, sumBase + 2 * output + 3 * V);
    d0.intoArray(sums, sumBase + 3 * output);
    d1.intoArray(sums, sumBase + 3 * output + V);
    d2.intoArray(sums, sumBase + 3 * output + 2 * V);
    d3.intoArray(sums, sumBase + 3 * output + 3 * V);
  }

  /** 4 channels × 1 tap: 4 sums; 5 loads for 4 multiply-adds. */
  private void points4x1(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
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
        p += in.column();
        q += gradient.column();
      }
    }
    a0.intoArray(sums, sumBase);
    b0.intoArray(sums, sumBase + output);
    c0.intoArray(sums, sumBase + 2 * output);
    d0.intoArray(sums, sumBase + 3 * output);
  }

  /** 2 channels × 4 taps: 8 sums; 6 loads for 8 multiply-adds. */
  private void points2x4(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
    FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
    FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
    FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
    FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
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
        p += in.column();
        q += gradient.column();
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
    b0.intoArray(sums, sumBase + output);
    b1.intoArray(sums, sumBase + output + V);
    b2.intoArray(sums, sumBase + output + 2 * V);
    b3.intoArray(sums, sumBase + output + 3 * V);
  }

  /** 2 channels × 1 tap: 2 sums; 3 loads for 2 multiply-adds. */
  private void points2x1(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
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
        p += in.column();
        q += gradient.column();
      }
    }
    a0.intoArray(sums, sumBase);
    b0.intoArray(sums, sumBase + output);
  }

  /** 1 channel × 4 taps: 4 sums; 5 loads for 4 multiply-adds. */
  private void points1x4(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
    FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
    FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
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
        p += in.column();
        q += gradient.column();
      }
    }
    a0.intoArray(sums, sumBase);
    a1.intoArray(sums, sumBase + V);
    a2.intoArray(sums, sumBase + 2 * V);
    a3.intoArray(sums, sumBase + 3 * V);
  }

  /** 1 channel × 1 tap: 1 sum; 2 loads for 1 multiply-add. */
  private void points1x1(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int t0 = taps[tap];
    FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
    for (int row = 0; row < rows; row++) {
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      for (int column = 0; column < columns; column++) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p + t0);
        a0 = x.fma(g0, a0);
        p += in.column();
        q += gradient.column();
      }
    }
    a0.intoArray(sums, sumBase);
  }

  void pairs(
      int channels,
      int count,
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    switch (10 * channels + count) {
      case 42 ->
          pairs4x2(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 25 ->
          pairs2x5(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      case 24 ->
          pairs2x4(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      default -> throw new IllegalArgumentException(channels + " × " + count);
    }
  }

  /** 4 channels × 2 taps: 8 sums; 12 loads for 16 multiply-adds. */
  private void pairs4x2(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int length = Objects.checkIndex(columns * V, TapGradient.LONGEST);
    for (int row = 0; row < rows; row++) {
      FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
      FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
      FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
      FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
      FloatVector c0 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output);
      FloatVector c1 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * output + V);
      FloatVector d0 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output);
      FloatVector d1 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * output + V);
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      int q0 = Objects.checkIndex(q, TapGradient.FARTHEST);
      int q1 = Objects.checkIndex(q + channel, TapGradient.FARTHEST);
      int q2 = Objects.checkIndex(q + 2 * channel, TapGradient.FARTHEST);
      int q3 = Objects.checkIndex(q + 3 * channel, TapGradient.FARTHEST);
      int p0 = Objects.checkIndex(p + t0, TapGradient.FARTHEST);
      int p1 = Objects.checkIndex(p + t1, TapGradient.FARTHEST);
      int i = 0;
      for (; i < length - V; i += 2 * V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector g2 = FloatVector.fromArray(SPECIES, gradients, q2 + i);
        FloatVector g3 = FloatVector.fromArray(SPECIES, gradients, q3 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        c0 = x.fma(g2, c0);
        d0 = x.fma(g3, d0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        c1 = x.fma(g2, c1);
        d1 = x.fma(g3, d1);
        g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i + V);
        g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i + V);
        g2 = FloatVector.fromArray(SPECIES, gradients, q2 + i + V);
        g3 = FloatVector.fromArray(SPECIES, gradients, q3 + i + V);
        x = FloatVector.fromArray(SPECIES, from, p0 + i + V);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        c0 = x.fma(g2, c0);
        d0 = x.fma(g3, d0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i + V);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        c1 = x.fma(g2, c1);
        d1 = x.fma(g3, d1);
      }
      for (; i < length; i += V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector g2 = FloatVector.fromArray(SPECIES, gradients, q2 + i);
        FloatVector g3 = FloatVector.fromArray(SPECIES, gradients, q3 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        c0 = x.fma(g2, c0);
        d0 = x.fma(g3, d0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        c1 = x.fma(g2, c1);
        d1 = x.fma(g3, d1);
      }
      a0.intoArray(sums, sumBase);
      a1.intoArray(sums, sumBase + V);
      b0.intoArray(sums, sumBase + output);
      b1.intoArray(sums, sumBase + output + V);
      c0.intoArray(sums, sumBase + 2 * output);
      c1.intoArray(sums, sumBase + 2 * output + V);
      d0.intoArray(sums, sumBase + 3 * output);
      d1.intoArray(sums, sumBase + 3 * output + V);
    }
  }

  /** 2 channels × 5 taps: 10 sums; 14 loads for 20 multiply-adds. */
  private void pairs2x5(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    int t4 = taps[tap + 4];
    int length = Objects.checkIndex(columns * V, TapGradient.LONGEST);
    for (int row = 0; row < rows; row++) {
      FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
      FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
      FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
      FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
      FloatVector a4 = FloatVector.fromArray(SPECIES, sums, sumBase + 4 * V);
      FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
      FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
      FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
      FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
      FloatVector b4 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 4 * V);
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      int q0 = Objects.checkIndex(q, TapGradient.FARTHEST);
      int q1 = Objects.checkIndex(q + channel, TapGradient.FARTHEST);
      int p0 = Objects.checkIndex(p + t0, TapGradient.FARTHEST);
      int p1 = Objects.checkIndex(p + t1, TapGradient.FARTHEST);
      int p2 = Objects.checkIndex(p + t2, TapGradient.FARTHEST);
      int p3 = Objects.checkIndex(p + t3, TapGradient.FARTHEST);
      int p4 = Objects.checkIndex(p + t4, TapGradient.FARTHEST);
      int i = 0;
      for (; i < length - V; i += 2 * V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p2 + i);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p3 + i);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        x = FloatVector.fromArray(SPECIES, from, p4 + i);
        a4 = x.fma(g0, a4);
        b4 = x.fma(g1, b4);
        g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i + V);
        g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i + V);
        x = FloatVector.fromArray(SPECIES, from, p0 + i + V);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i + V);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p2 + i + V);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p3 + i + V);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        x = FloatVector.fromArray(SPECIES, from, p4 + i + V);
        a4 = x.fma(g0, a4);
        b4 = x.fma(g1, b4);
      }
      for (; i < length; i += V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p2 + i);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p3 + i);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        x = FloatVector.fromArray(SPECIES, from, p4 + i);
        a4 = x.fma(g0, a4);
        b4 = x.fma(g1, b4);
      }
      a0.intoArray(sums, sumBase);
      a1.intoArray(sums, sumBase + V);
      a2.intoArray(sums, sumBase + 2 * V);
      a3.intoArray(sums, sumBase + 3 * V);
      a4.intoArray(sums, sumBase + 4 * V);
      b0.intoArray(sums, sumBase + output);
      b1.intoArray(sums, sumBase + output + V);
      b2.intoArray(sums, sumBase + output + 2 * V);
      b3.intoArray(sums, sumBase + output + 3 * V);
      b4.intoArray(sums, sumBase + output + 4 * V);
    }
  }

  /** 2 channels × 4 taps: 8 sums; 12 loads for 16 multiply-adds. */
  private void pairs2x4(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int t1 = taps[tap + 1];
    int t2 = taps[tap + 2];
    int t3 = taps[tap + 3];
    int length = Objects.checkIndex(columns * V, TapGradient.LONGEST);
    for (int row = 0; row < rows; row++) {
      FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
      FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
      FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
      FloatVector a3 = FloatVector.fromArray(SPECIES, sums, sumBase + 3 * V);
      FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
      FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
      FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
      FloatVector b3 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 3 * V);
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      int q0 = Objects.checkIndex(q, TapGradient.FARTHEST);
      int q1 = Objects.checkIndex(q + channel, TapGradient.FARTHEST);
      int p0 = Objects.checkIndex(p + t0, TapGradient.FARTHEST);
      int p1 = Objects.checkIndex(p + t1, TapGradient.FARTHEST);
      int p2 = Objects.checkIndex(p + t2, TapGradient.FARTHEST);
      int p3 = Objects.checkIndex(p + t3, TapGradient.FARTHEST);
      int i = 0;
      for (; i < length - V; i += 2 * V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p2 + i);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p3 + i);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
        g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i + V);
        g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i + V);
        x = FloatVector.fromArray(SPECIES, from, p0 + i + V);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i + V);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p2 + i + V);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p3 + i + V);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
      }
      for (; i < length; i += V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p1 + i);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p2 + i);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
        x = FloatVector.fromArray(SPECIES, from, p3 + i);
        a3 = x.fma(g0, a3);
        b3 = x.fma(g1, b3);
      }
      a0.intoArray(sums, sumBase);
      a1.intoArray(sums, sumBase + V);
      a2.intoArray(sums, sumBase + 2 * V);
      a3.intoArray(sums, sumBase + 3 * V);
      b0.intoArray(sums, sumBase + output);
      b1.intoArray(sums, sumBase + output + V);
      b2.intoArray(sums, sumBase + output + 2 * V);
      b3.intoArray(sums, sumBase + output + 3 * V);
    }
  }

  void seconds(
      int channels,
      int count,
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    switch (10 * channels + count) {
      case 23 ->
          seconds2x3(gradients, gradientBase, from, fromBase, tap, sums, sumBase, rows, columns);
      default -> throw new IllegalArgumentException(channels + " × " + count);
    }
  }

  /** 2 channels × 3 taps: 6 sums; 5 loads for 6 multiply-adds. */
  private void seconds2x3(
      float[] gradients,
      int gradientBase,
      float[] from,
      int fromBase,
      int tap,
      float[] sums,
      int sumBase,
      int rows,
      int columns) {
    int channel = gradient.channel();
    int output = taps.length * V;
    int t0 = taps[tap];
    int length = Objects.checkIndex(columns * V, TapGradient.LONGEST);
    for (int row = 0; row < rows; row++) {
      FloatVector a0 = FloatVector.fromArray(SPECIES, sums, sumBase);
      FloatVector a1 = FloatVector.fromArray(SPECIES, sums, sumBase + V);
      FloatVector a2 = FloatVector.fromArray(SPECIES, sums, sumBase + 2 * V);
      FloatVector b0 = FloatVector.fromArray(SPECIES, sums, sumBase + output);
      FloatVector b1 = FloatVector.fromArray(SPECIES, sums, sumBase + output + V);
      FloatVector b2 = FloatVector.fromArray(SPECIES, sums, sumBase + output + 2 * V);
      int p = fromBase + row * in.row();
      int q = gradientBase + row * gradient.row();
      int q0 = Objects.checkIndex(q, TapGradient.FARTHEST);
      int q1 = Objects.checkIndex(q + channel, TapGradient.FARTHEST);
      int p0 = Objects.checkIndex(p + t0, TapGradient.FARTHEST);
      int i = 0;
      for (; i < length; i += V) {
        FloatVector g0 = FloatVector.fromArray(SPECIES, gradients, q0 + i);
        FloatVector g1 = FloatVector.fromArray(SPECIES, gradients, q1 + i);
        FloatVector x = FloatVector.fromArray(SPECIES, from, p0 + 2 * i);
        a0 = x.fma(g0, a0);
        b0 = x.fma(g1, b0);
        x = FloatVector.fromArray(SPECIES, from, p0 + 2 * i + V);
        a1 = x.fma(g0, a1);
        b1 = x.fma(g1, b1);
        x = FloatVector.fromArray(SPECIES, from, p0 + 2 * i + 2 * V);
        a2 = x.fma(g0, a2);
        b2 = x.fma(g1, b2);
      }
      a0.intoArray(sums, sumBase);
      a1.intoArray(sums, sumBase + V);
      a2.intoArray(sums, sumBase + 2 * V);
      b0.intoArray(sums, sumBase + output);
      b1.intoArray(sums, sumBase + output + V);
      b2.intoArray(sums, sumBase + output + 2 * V);
    }
  }
}
