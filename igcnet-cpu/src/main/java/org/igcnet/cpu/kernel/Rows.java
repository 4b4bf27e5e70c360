package org.igcnet.cpu.kernel;

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
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;

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
      int rawRowStep,
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
      int from = rawBase + row * rawRowStep;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector x = FloatVector.fromArray(SPECIES, raw, from + i);
        relu(x.fma(s, b)).intoArray(to, at + i);
      }
    }
  }

  /** {@code to = scale · raw + shift}, row by row. */
  public static void normalise(
      float[] raw,
      int rawBase,
      int rawRowStep,
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
      int from = rawBase + row * rawRowStep;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector.fromArray(SPECIES, raw, from + i).fma(s, b).intoArray(to, at + i);
      }
    }
  }

  /**
   * {@code to = ReLU(scale · raw + shift + shortcut)}, row by row; {@code raw} and {@code to} are
   * laid out alike, the shortcut's rows follow each other.
   */
  public static void join(
      float[] raw,
      float scale,
      float shift,
      int living,
      float[] shortcut,
      int shortcutBase,
      float[] to,
      int base,
      int rowStep,
      int rows,
      int rowLength) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    for (int row = 0; row < rows; row++) {
      int at = base + row * rowStep;
      int from = shortcutBase + row * rowLength;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector x = FloatVector.fromArray(SPECIES, raw, at + i).fma(s, b);
        FloatVector y = FloatVector.fromArray(SPECIES, shortcut, from + i);
        relu(x.add(y)).intoArray(to, at + i);
      }
    }
  }

  /** {@code to = ReLU(from)}, row by row. */
  public static void rectify(
      float[] from,
      int fromBase,
      int fromRowStep,
      float[] to,
      int toBase,
      int toRowStep,
      int rows,
      int rowLength) {
    for (int row = 0; row < rows; row++) {
      int in = fromBase + row * fromRowStep;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        relu(FloatVector.fromArray(SPECIES, from, in + i)).intoArray(to, at + i);
      }
    }
  }

  /**
   * The ReLU's backward: {@code to = gradient} where the activation is positive, 0 elsewhere, row
   * by row.
   *
   * @param scratch holds the gradient from {@code gradientBase} on, its rows following each other,
   *     and the activation from {@code activationBase} on
   */
  public static void mask(
      float[] scratch,
      int gradientBase,
      int activationBase,
      int activationRowStep,
      float[] to,
      int toBase,
      int toRowStep,
      int rows,
      int rowLength) {
    for (int row = 0; row < rows; row++) {
      int g = gradientBase + row * rowLength;
      int a = activationBase + row * activationRowStep;
      int t = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector active = FloatVector.fromArray(SPECIES, scratch, a + i);
        FloatVector.fromArray(SPECIES, scratch, g + i)
            .blend(0, active.compare(VectorOperators.LE, 0))
            .intoArray(to, t + i);
      }
    }
  }

  /** Copies rows. */
  public static void copy(
      float[] from,
      int fromBase,
      int fromRowStep,
      float[] to,
      int toBase,
      int toRowStep,
      int rows,
      int rowLength) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, fromBase + row * fromRowStep, to, toBase + row * toRowStep, rowLength);
    }
  }

  /**
   * Batch normalisation's backward: {@code to = a · gradient + b · raw + c}, row by row; {@code
   * gradient} and {@code raw} are laid out alike.
   *
   * @param gradient the gradient after normalisation, where the ReLU let it through
   */
  public static void normaliseGradient(
      float[] gradient,
      float[] raw,
      int base,
      int rowStep,
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
      int from = base + row * rowStep;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector g = FloatVector.fromArray(SPECIES, gradient, from + i);
        FloatVector x = FloatVector.fromArray(SPECIES, raw, from + i);
        g.fma(va, x.fma(vb, vc)).intoArray(to, at + i);
      }
    }
  }

  /**
   * The ReLU's backward, {@code to = gradient} where the activation is positive, 0 elsewhere, row
   * by row; and Σ to and Σ to·raw, which are added, a lane at a time, to two vectors that stand
   * side by side.
   *
   * @param scratch holds the gradient from {@code gradientBase} on, its rows following each other,
   *     and the activation from {@code activationBase} on
   * @param raw laid out like {@code to}
   */
  public static void maskProducts(
      float[] scratch,
      int gradientBase,
      int activationBase,
      int activationRowStep,
      float[] raw,
      float[] to,
      int base,
      int rowStep,
      int rows,
      int rowLength,
      float[] sums,
      int at) {
    int step = SPECIES.length();
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector product = FloatVector.fromArray(SPECIES, sums, at + step);
    for (int row = 0; row < rows; row++) {
      int g = gradientBase + row * rowLength;
      int a = activationBase + row * activationRowStep;
      int t = base + row * rowStep;
      for (int i = 0; i < rowLength; i += step) {
        FloatVector active = FloatVector.fromArray(SPECIES, scratch, a + i);
        FloatVector through =
            FloatVector.fromArray(SPECIES, scratch, g + i)
                .blend(0, active.compare(VectorOperators.LE, 0));
        through.intoArray(to, t + i);
        sum = through.add(sum);
        product = through.fma(FloatVector.fromArray(SPECIES, raw, t + i), product);
      }
    }
    sum.intoArray(sums, at);
    product.intoArray(sums, at + step);
  }

  /**
   * The ReLU's backward for one gradient that holds for all positions, that of a channel's mean,
   * row by row. The activation's rows follow each other.
   */
  public static void maskMean(
      float[] gradient,
      int gradientBase,
      float scale,
      float[] activation,
      int activationBase,
      float[] to,
      int toBase,
      int toRowStep,
      int rows,
      int rowLength) {
    FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientBase).mul(scale);
    for (int row = 0; row < rows; row++) {
      int from = activationBase + row * rowLength;
      int at = toBase + row * toRowStep;
      for (int i = 0; i < rowLength; i += SPECIES.length()) {
        FloatVector x = FloatVector.fromArray(SPECIES, activation, from + i);
        g.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(to, at + i);
      }
    }
  }

  /** {@code to += from}, over one stretch. */
  public static void add(float[] from, int fromBase, float[] to, int toBase, int length) {
    for (int i = 0; i < length; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, from, fromBase + i);
      x.add(FloatVector.fromArray(SPECIES, to, toBase + i)).intoArray(to, toBase + i);
    }
  }

  /** {@code to += from}, row by row; the rows of {@code to} follow each other. */
  public static void addRows(
      float[] from,
      int fromBase,
      int fromRowStep,
      float[] to,
      int toBase,
      int rows,
      int rowLength) {
    for (int row = 0; row < rows; row++) {
      add(from, fromBase + row * fromRowStep, to, toBase + row * rowLength, rowLength);
    }
  }

  /**
   * Adds Σ x and Σ x·y, a lane at a time, to two vectors that stand side by side; {@code x} and
   * {@code y} are laid out alike. Two partial sums each hide the latency of the addition.
   */
  public static void products(
      float[] x, float[] y, int base, int rowStep, int rows, int rowLength, float[] sums, int at) {
    int step = SPECIES.length();
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector product0 = FloatVector.fromArray(SPECIES, sums, at + step);
    FloatVector product1 = FloatVector.zero(SPECIES);
    for (int row = 0; row < rows; row++) {
      int i = base + row * rowStep;
      int end = i + rowLength;
      for (; i + step < end; i += 2 * step) {
        FloatVector a = FloatVector.fromArray(SPECIES, x, i);
        FloatVector b = FloatVector.fromArray(SPECIES, x, i + step);
        sum0 = a.add(sum0);
        sum1 = b.add(sum1);
        product0 = a.fma(FloatVector.fromArray(SPECIES, y, i), product0);
        product1 = b.fma(FloatVector.fromArray(SPECIES, y, i + step), product1);
      }
      if (i < end) {
        FloatVector a = FloatVector.fromArray(SPECIES, x, i);
        sum0 = a.add(sum0);
        product0 = a.fma(FloatVector.fromArray(SPECIES, y, i), product0);
      }
    }
    sum0.add(sum1).intoArray(sums, at);
    product0.add(product1).intoArray(sums, at + step);
  }

  /** The mean over positions, a lane at a time: {@code to[lane] = scale · Σ_i x[i][lane]}. */
  public static void mean(float[] x, int base, int length, float scale, float[] to, int toBase) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += SPECIES.length()) {
      sum = FloatVector.fromArray(SPECIES, x, base + i).add(sum);
    }
    sum.mul(scale).intoArray(to, toBase);
  }
}
