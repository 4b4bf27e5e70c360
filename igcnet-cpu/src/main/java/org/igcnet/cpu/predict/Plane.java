package org.igcnet.cpu.predict;

import java.util.Arrays;
import org.igcnet.arch.Kernel;
import org.igcnet.cpu.kernel.Lanes;

/**
 * How inference stores one channel of one image: row after row, with a border of zeros between the
 * rows that is as wide as the widest kernel reaches, so that a kernel's tap is the same distance
 * everywhere and a vector is V neighbouring positions. What is right of a row is left of the next:
 *
 * <pre>
 *   0 0 0 0 0
 *   0 x x x x
 *   0 x x x x
 *   0 0 0 0 0 0
 * </pre>
 *
 * <p>A position is a place in the rows, border included. Kernels compute all of them, vector by
 * vector, and write zeros where the border is ({@link #floor}).
 *
 * @param height rows
 * @param width columns
 * @param padRows rows of zeros above and below
 * @param padColumns zeros between two rows
 */
record Plane(int height, int width, int padRows, int padColumns) {
  private static final int CACHE_LINE = 16;

  /** Distance between rows. */
  int pitch() {
    return width + padColumns;
  }

  /** Where row 0, column 0 stands: at the beginning of a vector. */
  int origin() {
    return Math.ceilDiv(padRows * pitch() + padColumns, CACHE_LINE) * CACHE_LINE;
  }

  /** Vectors from the first position to the last. */
  int vectors() {
    return Math.ceilDiv(height * pitch() - padColumns, Lanes.COUNT);
  }

  /** Floats of one channel, with the border below and a vector that begins where rows end. */
  int floats() {
    int border = vectors() * Lanes.COUNT + padRows * pitch() + padColumns;
    int beyond = height * pitch() - padColumns + Lanes.COUNT;
    return spread(origin() + Math.max(border, beyond));
  }

  /**
   * The next odd number of cache lines: channels that lie so far apart share no sets of a cache.
   */
  static int spread(int floats) {
    return (Math.ceilDiv(floats, CACHE_LINE) | 1) * CACHE_LINE;
  }

  /** For each position what its value has to be above, else it is 0: +∞ in the border. */
  float[] floor(float inside) {
    float[] floor = new float[vectors() * Lanes.COUNT];
    Arrays.fill(floor, Float.POSITIVE_INFINITY);
    for (int row = 0; row < height; row++) {
      Arrays.fill(floor, row * pitch(), row * pitch() + width, inside);
    }
    return floor;
  }

  /**
   * Where a kernel's taps lie, from the output's position.
   *
   * @param stride if not 1, the input is the phases that {@link PhaseStep} makes, side by side
   */
  int[] taps(Kernel kernel, int stride) {
    int[] taps = new int[kernel.area()];
    for (int tap = 0; tap < taps.length; tap++) {
      int row = tap / kernel.width() - kernel.padRows();
      int column = tap % kernel.width() - kernel.padColumns();
      int phase = Math.floorMod(row, stride) * stride + Math.floorMod(column, stride);
      taps[tap] =
          phase * floats() + Math.floorDiv(row, stride) * pitch() + Math.floorDiv(column, stride);
    }
    return taps;
  }
}
