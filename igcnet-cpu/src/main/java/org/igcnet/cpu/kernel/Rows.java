package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A window on rows of one channel in a thread's memory, where all is 32-bit floats. A thread has
 * few, and moves them from place to place, so that nothing is allocated for them. Feature maps get
 * there and back by {@link StoredRows}.
 *
 * <p>Offsets and lengths count floats; a length is a multiple of V.
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

  /** Becomes a copy of as many rows. */
  public void copy(Rows others) {
    for (int row = 0; row < count; row++) {
      System.arraycopy(
          others.data, others.base + row * others.step, data, base + row * step, length);
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
   * The ReLU's backward for one gradient that holds for all positions, that of a channel's mean:
   * these rows, which hold the activation, become its gradient.
   *
   * @param gradient where it stands in what holds the activation
   * @param scale what it is multiplied with
   */
  public void maskMean(int gradient, float scale) {
    float[] values = data;
    int length = this.length;
    FloatVector g = FloatVector.fromArray(SPECIES, values, gradient).mul(scale);
    for (int row = 0; row < count; row++) {
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector x = FloatVector.fromArray(SPECIES, values, t + i);
        g.blend(0, x.compare(VectorOperators.LE, 0)).intoArray(values, t + i);
      }
    }
  }

  /** Each lane of these rows times its own factor. */
  public void scale(float[] factors, int at) {
    FloatVector factor = FloatVector.fromArray(SPECIES, factors, at);
    float[] values = data;
    int length = this.length;
    for (int row = 0; row < count; row++) {
      int t = base + row * step;
      for (int i = 0; i < length; i += V) {
        FloatVector.fromArray(SPECIES, values, t + i).mul(factor).intoArray(values, t + i);
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

  /** Σ x·y over one stretch of x and one of y, a lane at a time, into one vector. */
  public static void dot(float[] values, int x, int y, int length, float[] to, int at) {
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += V) {
      FloatVector value = FloatVector.fromArray(SPECIES, values, x + i);
      sum = value.fma(FloatVector.fromArray(SPECIES, values, y + i), sum);
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
