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

  /** Every second of 2·V lanes: those of the first vector fill the lower half. */
  private static final VectorShuffle<Float> EVEN =
      VectorShuffle.fromOp(SPECIES, lane -> 2 * lane % V);

  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(SPECIES, lane -> (2 * lane + 1) % V);

  private static final VectorMask<Float> UPPER = SPECIES.indexInRange(0, V / 2).not();

  private Planes() {}

  /**
   * {@code to[p] = maxₜ x[p + taps[t]]} where that is above the floor, 0 elsewhere.
   *
   * @param floor of each position: 0, or +∞ where it belongs to the border between rows, which so
   *     stays zero
   */
  public static void greatest(
      float[] x, int xBase, int[] taps, float[] floor, float[] to, int toBase) {
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
   * Sorts rows by columns: those of even numbers go to one plane, those of odd numbers to the next,
   * all in one array. Up to 2·V values after a row's last are read, so there have to be as many. Up
   * to V zeros are written behind each row, so there has to be room, or border, behind the last
   * one.
   *
   * @param fromRowStep between rows
   * @param to between the two planes, and between their rows
   * @param columns of a row, any number
   */
  public static void unzip(
      float[] maps, int fromBase, int fromRowStep, int toBase, Steps to, int rows, int columns) {
    int odds = columns / 2;
    int evens = columns - odds;
    FloatVector zero = FloatVector.zero(SPECIES);
    // From the right: zeros behind a row fall on what is written later, on the next rows' left.
    for (int i = (evens - 1) / V * V; i >= 0; i -= V) {
      VectorMask<Float> even = SPECIES.indexInRange(i, evens);
      VectorMask<Float> odd = SPECIES.indexInRange(i, odds);
      int from = fromBase + 2 * i;
      int at = toBase + i;
      for (int row = 0; row < rows; row++) {
        FloatVector x = FloatVector.fromArray(SPECIES, maps, from);
        FloatVector y = FloatVector.fromArray(SPECIES, maps, from + V);
        FloatVector first = x.rearrange(EVEN).blend(y.rearrange(EVEN), UPPER);
        FloatVector second = x.rearrange(ODD).blend(y.rearrange(ODD), UPPER);
        zero.blend(first, even).intoArray(maps, at);
        zero.blend(second, odd).intoArray(maps, at + to.channel());
        from += fromRowStep;
        at += to.row();
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
