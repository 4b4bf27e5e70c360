package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A window on rows of one channel, and what is done to each of their values: batch normalisation,
 * ReLU, their gradients, and the sums that batch normalisation needs. A thread has few, and moves
 * them from place to place, so that nothing is allocated for them.
 *
 * <p>Offsets and lengths count floats; a length is a multiple of V. All rows that an operation
 * takes are as many and as long as those it is called on. Dead lanes, from {@code living} on, come
 * out as zeros.
 */
public final class Rows {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final int V = Lanes.COUNT;

  private float[] data = {};
  private int base;
  private int step;
  private int count;
  private int length;

  /**
   * Moves the window.
   *
   * @param data what holds the rows
   * @param base where the first one begins
   * @param step floats from row to row
   * @param count how many rows
   * @param length floats of a row
   * @return this window
   */
  public Rows at(float[] data, int base, int step, int count, int length) {
    this.data = data;
    this.base = base;
    this.step = step;
    this.count = count;
    this.length = length;
    return this;
  }

  /** Moves the window by so many floats. */
  public void move(int floats) {
    base += floats;
  }

  /** How many rows. */
  public int count() {
    return count;
  }

  float[] data() {
    return data;
  }

  int base() {
    return base;
  }

  int step() {
    return step;
  }

  int length() {
    return length;
  }

  /** A constant in the living lanes, zero in the dead ones. */
  private static FloatVector living(float value, int living) {
    VectorMask<Float> lanes = SPECIES.indexInRange(0, living);
    return FloatVector.zero(SPECIES).blend(value, lanes);
  }

  private static FloatVector relu(FloatVector x) {
    return x.blend(0, x.compare(VectorOperators.LT, 0));
  }

  /** Becomes ReLU(scale · raw + shift). */
  public void normaliseRelu(Rows raw, float scale, float shift, int living) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    float[] from = raw.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = raw.base + row * raw.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, f + i);
        relu(x.fma(s, b)).intoArray(to, t + i);
      }
    }
  }

  /** Becomes scale · raw + shift. */
  public void normalise(Rows raw, float scale, float shift, int living) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    float[] from = raw.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = raw.base + row * raw.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector.fromArray(SPECIES, from, f + i).fma(s, b).intoArray(to, t + i);
      }
    }
  }

  /**
   * Becomes ReLU(scale · raw + shift + shortcut).
   *
   * @param raw is laid out as these rows are
   */
  public void join(float[] raw, float scale, float shift, int living, Rows shortcut) {
    FloatVector s = living(scale, living);
    FloatVector b = living(shift, living);
    float[] other = shortcut.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int t = base + row * step;
      int f = shortcut.base + row * shortcut.step;
      for (int i = 0; i < length; i += V) {
        FloatVector x = FloatVector.fromArray(SPECIES, raw, t + i).fma(s, b);
        FloatVector y = FloatVector.fromArray(SPECIES, other, f + i);
        relu(x.add(y)).intoArray(to, t + i);
      }
    }
  }

  /** Becomes ReLU(others). */
  public void rectify(Rows others) {
    float[] from = others.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = others.base + row * others.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        relu(FloatVector.fromArray(SPECIES, from, f + i)).intoArray(to, t + i);
      }
    }
  }

  /** Becomes a copy. */
  public void copy(Rows others) {
    for (int row = 0; row < count; row++) {
      System.arraycopy(
          others.data, others.base + row * others.step, data, base + row * step, length);
    }
  }

  /** Adds other rows. */
  public void add(Rows others) {
    for (int row = 0; row < count; row++) {
      add(others.data, others.base + row * others.step, data, base + row * step, length);
    }
  }

  /** {@code to += from}, over one stretch. */
  public static void add(float[] from, int fromBase, float[] to, int toBase, int length) {
    for (int i = 0; i < length; i += V) {
      FloatVector x = FloatVector.fromArray(SPECIES, from, fromBase + i);
      x.add(FloatVector.fromArray(SPECIES, to, toBase + i)).intoArray(to, toBase + i);
    }
  }

  /**
   * The ReLU's backward: becomes the gradient where the activation is positive, 0 elsewhere.
   *
   * @param activation where the first row of the activation begins in what holds the gradient
   * @param activationStep floats from row to row of it
   */
  public void mask(Rows gradient, int activation, int activationStep) {
    float[] from = gradient.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int g = gradient.base + row * gradient.step;
      int a = activation + row * activationStep;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector active = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector.fromArray(SPECIES, from, g + i)
            .blend(0, active.compare(VectorOperators.LE, 0))
            .intoArray(to, t + i);
      }
    }
  }

  /**
   * As {@link #mask}, and adds Σ x and Σ x·raw of what these rows become, a lane at a time, to two
   * vectors that stand side by side.
   *
   * @param raw is laid out as these rows are
   * @param sums hold the two vectors, from {@code at} on
   */
  public void maskProducts(
      Rows gradient, int activation, int activationStep, float[] raw, float[] sums, int at) {
    FloatVector sum = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector product = FloatVector.fromArray(SPECIES, sums, at + V);
    float[] from = gradient.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int g = gradient.base + row * gradient.step;
      int a = activation + row * activationStep;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector active = FloatVector.fromArray(SPECIES, from, a + i);
        FloatVector through =
            FloatVector.fromArray(SPECIES, from, g + i)
                .blend(0, active.compare(VectorOperators.LE, 0));
        through.intoArray(to, t + i);
        sum = through.add(sum);
        product = through.fma(FloatVector.fromArray(SPECIES, raw, t + i), product);
      }
    }
    sum.intoArray(sums, at);
    product.intoArray(sums, at + V);
  }

  /**
   * The ReLU's backward for one gradient that holds for all positions, that of a channel's mean.
   *
   * @param gradient where it stands in what holds the activation
   * @param scale what it is multiplied with
   */
  public void maskMean(Rows activation, int gradient, float scale) {
    float[] from = activation.data;
    float[] to = data;
    int length = this.length;
    FloatVector g = FloatVector.fromArray(SPECIES, from, gradient).mul(scale);
    for (int row = 0; row < count; row++) {
      int f = activation.base + row * activation.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector x = FloatVector.fromArray(SPECIES, from, f + i);
        g.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(to, t + i);
      }
    }
  }

  /**
   * Batch normalisation's backward: becomes a · gradient + b · raw + c.
   *
   * @param gradient the gradient after normalisation, where the ReLU let it through
   * @param raw is laid out as the gradient is
   */
  public void normaliseGradient(Rows gradient, float[] raw, float a, float b, float c, int living) {
    FloatVector va = FloatVector.broadcast(SPECIES, a);
    FloatVector vb = FloatVector.broadcast(SPECIES, b);
    FloatVector vc = living(c, living);
    float[] from = gradient.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = gradient.base + row * gradient.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector g = FloatVector.fromArray(SPECIES, from, f + i);
        FloatVector x = FloatVector.fromArray(SPECIES, raw, f + i);
        g.fma(va, x.fma(vb, vc)).intoArray(to, t + i);
      }
    }
  }

  /**
   * Adds Σ x and Σ x·y of these rows x, a lane at a time, to two vectors that stand side by side.
   * Two partial sums each hide the latency of the addition.
   *
   * @param y is laid out as these rows are
   * @param sums hold the two vectors, from {@code at} on
   */
  public void products(float[] y, float[] sums, int at) {
    float[] x = data;
    int length = this.length;
    FloatVector sum0 = FloatVector.fromArray(SPECIES, sums, at);
    FloatVector sum1 = FloatVector.zero(SPECIES);
    FloatVector product0 = FloatVector.fromArray(SPECIES, sums, at + V);
    FloatVector product1 = FloatVector.zero(SPECIES);
    for (int row = 0; row < count; row++) {
      int i = base + row * step;
      int end = i + length;
      for (; i + V < end; i += 2 * V) {
        FloatVector a = FloatVector.fromArray(SPECIES, x, i);
        FloatVector b = FloatVector.fromArray(SPECIES, x, i + V);
        sum0 = a.add(sum0);
        sum1 = b.add(sum1);
        product0 = a.fma(FloatVector.fromArray(SPECIES, y, i), product0);
        product1 = b.fma(FloatVector.fromArray(SPECIES, y, i + V), product1);
      }
      if (i < end) {
        FloatVector a = FloatVector.fromArray(SPECIES, x, i);
        sum0 = a.add(sum0);
        product0 = a.fma(FloatVector.fromArray(SPECIES, y, i), product0);
      }
    }
    sum0.add(sum1).intoArray(sums, at);
    product0.add(product1).intoArray(sums, at + V);
  }

  /** Becomes others, each lane times its own factor. */
  public void scale(Rows others, float[] factors, int at) {
    FloatVector factor = FloatVector.fromArray(SPECIES, factors, at);
    float[] from = others.data;
    float[] to = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int f = others.base + row * others.step;
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector.fromArray(SPECIES, from, f + i).mul(factor).intoArray(to, t + i);
      }
    }
  }

  /** Each lane of these rows times its own factor, plus its own addend. */
  public void scaleAdd(float[] factors, int at, float[] addends, int addend) {
    FloatVector factor = FloatVector.fromArray(SPECIES, factors, at);
    FloatVector sum = FloatVector.fromArray(SPECIES, addends, addend);
    float[] values = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector.fromArray(SPECIES, values, t + i).fma(factor, sum).intoArray(values, t + i);
      }
    }
  }

  /** Σ x·y of these rows x and other rows y, a lane at a time, into one vector. */
  public void dot(Rows others, float[] to, int at) {
    float[] x = data;
    float[] y = others.data;
    int length = this.length;
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int row = 0; row < count; row++) {
      int a = base + row * step;
      int b = others.base + row * others.step;
      for (int i = 0; i < length; i += V) {
        FloatVector value = FloatVector.fromArray(SPECIES, x, a + i);
        sum = value.fma(FloatVector.fromArray(SPECIES, y, b + i), sum);
      }
    }
    sum.intoArray(to, at);
  }

  /** The mean over positions, a lane at a time: {@code to[lane] = scale · Σ_i x[i][lane]}. */
  public static void mean(float[] x, int base, int length, float scale, float[] to, int toBase) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += V) {
      sum = FloatVector.fromArray(SPECIES, x, base + i).add(sum);
    }
    sum.mul(scale).intoArray(to, toBase);
  }
}
