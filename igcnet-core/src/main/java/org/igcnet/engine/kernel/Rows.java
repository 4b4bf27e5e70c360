package org.igcnet.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What is done to each value of rows of one channel: batch normalisation, ReLU, their gradients,
 * and the sums that batch normalisation needs.
 *
 * <p>Offsets and lengths count floats; a length is a multiple of V. Dead lanes, from {@code living}
 * on, come out as zeros.
 */
public final class Rows {
  private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;

  private Rows() {}

  /** A constant in the living lanes, zero in the dead ones. */
  private static FloatVector living(float value, int living) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    return FloatVector.zero(SPECIES).blend(value, lanes);
  }

  private static FloatVector relu(FloatVector x) {
    return x.blend(0, x.compare(VectorOperators.LT, 0));
  }

  /** {@code to = ReLU(scale · raw + shift)}, row by row. */
  public static void normaliseRelu(
      float[] raw,
      int rawBase,
      float scale,
      float shift,
      int living,
      float[] to,
      int toBase,
      int toRowStep,
      int rows,
      int rowLength) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    for (int row = 0; row < rows; row++) {
      int from = rawBase + row * rowLength;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector x = FloatVector.fromArray(SPECIES, raw, from + i);
        relu(x.fma(s, b)).intoArray(to, at + i);
      }
    }
  }

  /** {@code to = scale · raw + shift}, over one stretch. */
  public static void normalise(
      float[] raw,
      int rawBase,
      float scale,
      float shift,
      int living,
      float[] to,
      int toBase,
      int length) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    for (int i = 0; i < length; i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, raw, rawBase + i).fma(s, b).intoArray(to, toBase + i);
    }
  }

  /** {@code to = ReLU(scale · raw + shift + shortcut)}, over one stretch. */
  public static void join(
      float[] raw,
      int rawBase,
      float scale,
      float shift,
      int living,
      float[] shortcut,
      int shortcutBase,
      float[] to,
      int toBase,
      int length) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    for (int i = 0; i < length; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, raw, rawBase + i).fma(s, b);
      FloatVector y = FloatVector.fromArray(SPECIES, shortcut, shortcutBase + i);
      relu(x.add(y)).intoArray(to, toBase + i);
    }
  }

  /** Copies rows. */
  public static void copy(
      float[] from, int fromBase, float[] to, int toBase, int toRowStep, int rows, int rowLength) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, fromBase + row * rowLength, to, toBase + row * toRowStep, rowLength);
    }
  }

  /**
   * Batch normalisation's backward: {@code to = a · gradient + b · raw + c}, row by row.
   *
   * @param gradient the gradient after normalisation, where the ReLU let it through
   */
  public static void normaliseGradient(
      float[] gradient,
      int gradientBase,
      float[] raw,
      int rawBase,
      float a,
      float b,
      float c,
      int living,
      float[] to,
      int toBase,
      int toRowStep,
      int rows,
      int rowLength) {
    FloatVector va = FloatVector.broadcast(SPECIES, a);
    FloatVector vb = FloatVector.broadcast(SPECIES, b);
    FloatVector vc = living(c, living);
    for (int row = 0; row < rows; row++) {
      int from = row * rowLength;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientBase + from + i);
        FloatVector x = FloatVector.fromArray(SPECIES, raw, rawBase + from + i);
        g.fma(va, x.fma(vb, vc)).intoArray(to, at + i);
      }
    }
  }

  /**
   * The ReLU's backward: {@code to = gradient} where the activation is positive, 0 elsewhere, row
   * by row.
   */
  public static void mask(
      float[] gradient,
      int gradientBase,
      float[] activation,
      int activationBase,
      int activationRowStep,
      float[] to,
      int toBase,
      int rows,
      int rowLength) {
    for (int row = 0; row < rows; row++) {
      int from = row * rowLength;
      int at = activationBase + row * activationRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientBase + from + i);
        FloatVector x = FloatVector.fromArray(SPECIES, activation, at + i);
        g.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(to, toBase + from + i);
      }
    }
  }

  /** The same for one gradient that holds for all positions: that of a channel's mean. */
  public static void maskMean(
      float[] gradient,
      int gradientBase,
      float scale,
      float[] activation,
      int activationBase,
      float[] to,
      int toBase,
      int length) {
    FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientBase).mul(scale);
    for (int i = 0; i < length; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, activation, activationBase + i);
      g.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(to, toBase + i);
    }
  }

  /** {@code to += from}, over one stretch. */
  public static void add(float[] from, int fromBase, float[] to, int toBase, int length) {
    for (int i = 0; i < length; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, from, fromBase + i);
      x.add(FloatVector.fromArray(SPECIES, to, toBase + i)).intoArray(to, toBase + i);
    }
  }

  /** Adds Σ x and Σ x², a lane at a time, to two vectors that stand side by side. */
  public static void moments(float[] x, int base, int length, float[] sums, int at) {
    products(x, base, x, base, length, sums, at);
  }

  /**
   * Adds Σ x and Σ x·y, a lane at a time, to two vectors that stand side by side. Two partial sums
   * each hide the latency of the addition.
   */
  public static void products(
      float[] x, int xBase, float[] y, int yBase, int length, float[] sums, int at) {
    int step = SPECIES.length();
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector product0 = FloatVector.fromArray(SPECIES, sums, at + step);
    FloatVector product1 = FloatVector.zero(SPECIES);
    int i = 0;
    for (; i + step < length; i += 2 * step) {
      FloatVector a = FloatVector.fromArray(SPECIES, x, xBase + i);
      FloatVector b = FloatVector.fromArray(SPECIES, x, xBase + i + step);
      sum0 = sum0.add(a);
      sum1 = sum1.add(b);
      product0 = a.fma(FloatVector.fromArray(SPECIES, y, yBase + i), product0);
      product1 = b.fma(FloatVector.fromArray(SPECIES, y, yBase + i + step), product1);
    }
    if (i < length) {
      FloatVector a = FloatVector.fromArray(SPECIES, x, xBase + i);
      sum0 = sum0.add(a);
      product0 = a.fma(FloatVector.fromArray(SPECIES, y, yBase + i), product0);
    }
    sum0.add(sum1).intoArray(sums, at);
    product0.add(product1).intoArray(sums, at + step);
  }

  /** The mean over positions, a lane at a time: {@code to[lane] = scale · Σ_i x[i][lane]}. */
  public static void mean(float[] x, int base, int length, float scale, float[] to, int toBase) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += SPECIES.length()) {
      sum = sum.add(FloatVector.fromArray(SPECIES, x, base + i));
    }
    sum.mul(scale).intoArray(to, toBase);
  }
}
