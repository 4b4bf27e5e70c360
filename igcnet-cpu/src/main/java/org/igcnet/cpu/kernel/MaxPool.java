package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The greatest value of each window of a channel, and where its gradient goes. */
public final class MaxPool {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;

  private final int[] taps;
  private final int rowStep;
  private final int columnStep;

  /**
   * Fixes everything but where the strips begin.
   *
   * @param height rows of a window
   * @param width columns of a window
   * @param stride between windows, both ways
   * @param inRowStep floats between rows of the input
   */
  public MaxPool(int height, int width, int stride, int inRowStep) {
    this.taps = new int[height * width];
    for (int tap = 0; tap < taps.length; tap++) {
      taps[tap] = tap / width * inRowStep + tap % width * Lanes.COUNT;
    }
    this.rowStep = stride * inRowStep;
    this.columnStep = stride * Lanes.COUNT;
  }

  /**
   * Writes the greatest values.
   *
   * @param from the input, whose first window begins at {@code fromBase}
   */
  public void forward(float[] from, int fromBase, Rows to) {
    int[] taps = this.taps;
    float[] values = to.data();
    int columns = to.length() / Lanes.COUNT;
    for (int row = 0; row < to.count(); row++) {
      int at = to.base() + row * to.step();
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * rowStep + column * columnStep;
        FloatVector greatest = FloatVector.fromArray(SPECIES, from, p);
        for (int tap = 1; tap < taps.length; tap++) {
          greatest = FloatVector.fromArray(SPECIES, from, p + taps[tap]).max(greatest);
        }
        greatest.intoArray(values, at + column * Lanes.COUNT);
      }
    }
  }

  /**
   * Adds each window's gradient to the place of its greatest value, the first where there are
   * several.
   *
   * @param scratch holds the input, as forward had it, from {@code fromBase} on, and the input's
   *     gradient, laid out as the input, from {@code toBase} on
   * @param gradient of the greatest values
   */
  public void backward(float[] scratch, int fromBase, Rows gradient, int toBase) {
    int[] taps = this.taps;
    float[] gradients = gradient.data();
    int columns = gradient.length() / Lanes.COUNT;
    for (int row = 0; row < gradient.count(); row++) {
      int at = gradient.base() + row * gradient.step();
      for (int column = 0; column < columns; column++) {
        int p = row * rowStep + column * columnStep;
        FloatVector greatest = FloatVector.fromArray(SPECIES, scratch, fromBase + p);
        for (int tap = 1; tap < taps.length; tap++) {
          int other = fromBase + p + taps[tap];
          greatest = FloatVector.fromArray(SPECIES, scratch, other).max(greatest);
        }
        FloatVector left = FloatVector.fromArray(SPECIES, gradients, at + column * Lanes.COUNT);
        for (int tap : taps) {
          FloatVector x = FloatVector.fromArray(SPECIES, scratch, fromBase + p + tap);
          FloatVector sum = FloatVector.fromArray(SPECIES, scratch, toBase + p + tap);
          VectorMask<Float> hit = x.compare(VectorOperators.EQ, greatest);
          sum.add(left, hit).intoArray(scratch, toBase + p + tap);
          left = FloatVector.zero(SPECIES).blend(left, hit.not());
        }
      }
    }
  }
}
