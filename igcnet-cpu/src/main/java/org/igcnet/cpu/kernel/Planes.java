package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * What inference does to planes: the rows of one channel of one image, one after the other, so that
 * a vector is V neighbouring positions.
 *
 * <p>Offsets and lengths count floats; a length is a multiple of V.
 */
public final class Planes {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final int V = Lanes.COUNT;

  /** Which lanes of 2·V values an output takes: those of the first vector fill its lower half. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, lane -> 2 * lane % V);

  private static final VectorMask<Float> UPPER = SPECIES.indexInRange(0, V / 2).not();

  private final float[] floor;

  /**
   * Planes whose values stand above a floor: 0 for a ReLU, +∞ at positions that belong to the
   * border between rows, which so stays zero.
   *
   * @param floor of each position
   */
  public Planes(float[] floor) {
    this.floor = floor;
  }

  /**
   * {@code to = x + shift} where that is above the floor, 0 elsewhere.
   *
   * @param position the first one's
   */
  public void activate(
      float[] x, int xBase, float shift, int position, float[] to, int toBase, int length) {
    float[] floor = this.floor;
    for (int i = 0; i < length; i += V) {
      FloatVector sum = FloatVector.fromArray(SPECIES, x, xBase + i).add(shift);
      FloatVector least = FloatVector.fromArray(SPECIES, floor, position + i);
      sum.blend(0, sum.compare(VectorOperators.LE, least)).intoArray(to, toBase + i);
    }
  }

  /** {@code to += x + shift} where that is above the floor, {@code to = 0} elsewhere. */
  public void activateSum(
      float[] x, int xBase, float shift, int position, float[] to, int toBase, int length) {
    float[] floor = this.floor;
    for (int i = 0; i < length; i += V) {
      FloatVector sum =
          FloatVector.fromArray(SPECIES, x, xBase + i)
              .add(shift)
              .add(FloatVector.fromArray(SPECIES, to, toBase + i));
      FloatVector least = FloatVector.fromArray(SPECIES, floor, position + i);
      sum.blend(0, sum.compare(VectorOperators.LE, least)).intoArray(to, toBase + i);
    }
  }

  /** {@code to[p] = maxₜ x[p + taps[t]]} where that is above the floor, 0 elsewhere. */
  public void greatest(float[] x, int xBase, int[] taps, float[] to, int toBase) {
    float[] floor = this.floor;
    for (int i = 0; i < floor.length; i += V) {
      FloatVector greatest = FloatVector.fromArray(SPECIES, x, xBase + i + taps[0]);
      for (int tap = 1; tap < taps.length; tap++) {
        greatest = FloatVector.fromArray(SPECIES, x, xBase + i + taps[tap]).max(greatest);
      }
      FloatVector least = FloatVector.fromArray(SPECIES, floor, i);
      greatest.blend(0, greatest.compare(VectorOperators.LE, least)).intoArray(to, toBase + i);
    }
  }

  /**
   * {@code to[row][i] = from[row][2·i]}, both in one array. Up to 2·V values after a row's last are
   * read, so there have to be as many.
   *
   * @param columns values of a row to write, any number
   */
  public static void everySecond(
      float[] maps,
      int fromBase,
      int fromRowStep,
      int toBase,
      int toRowStep,
      int rows,
      int columns) {
    VectorMask<Float> rest = SPECIES.indexInRange(0, columns % V);
    for (int row = 0; row < rows; row++) {
      int at = fromBase + row * fromRowStep;
      int into = toBase + row * toRowStep;
      for (int i = 0; i < columns; i += V) {
        FloatVector low = FloatVector.fromArray(SPECIES, maps, at + 2 * i).rearrange(EVEN);
        FloatVector high = FloatVector.fromArray(SPECIES, maps, at + 2 * i + V).rearrange(EVEN);
        FloatVector even = low.blend(high, UPPER);
        if (i + V <= columns) {
          even.intoArray(maps, into + i);
        } else {
          even.intoArray(maps, into + i, rest);
        }
      }
    }
  }

  /** {@code x = factor · x}. */
  public static void scale(float[] x, int base, float factor, int length) {
    for (int i = base; i < base + length; i += V) {
      FloatVector.fromArray(SPECIES, x, i).mul(factor).intoArray(x, i);
    }
  }

  /** Σ x: lanes apart, then added in their order. */
  public static float sum(float[] x, int base, int length) {
    FloatVector lanes = FloatVector.zero(SPECIES);
    for (int i = 0; i < length; i += V) {
      lanes = FloatVector.fromArray(SPECIES, x, base + i).add(lanes);
    }
    float sum = 0;
    for (int lane = 0; lane < V; lane++) {
      sum += lanes.lane(lane);
    }
    return sum;
  }
}
