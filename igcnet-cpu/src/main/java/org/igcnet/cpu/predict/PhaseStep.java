package org.igcnet.cpu.predict;

import java.util.Arrays;
import org.igcnet.cpu.kernel.Planes;

/**
 * Sorts a map's values by the remainders of their rows and columns, so that a convolution with a
 * stride reads neighbours. Remainders (a, b) of channel c become channel (c·s + a)·s + b.
 *
 * @param from the map
 * @param to has s·s times as many channels
 * @param stride s
 */
record PhaseStep(FeatureMap from, FeatureMap to, int stride) implements InferenceStep {
  @Override
  public int pieces() {
    return from.channels();
  }

  @Override
  public long work() {
    return 4L * from.channels() * from.plane().height() * from.plane().width();
  }

  @Override
  public void run(float[] maps, float[] scratch, int first, int end) {
    for (int channel = first * stride * stride; channel < end * stride * stride; channel++) {
      phase(maps, channel, channel / stride % stride, channel % stride);
    }
  }

  private void phase(float[] maps, int channel, int row, int column) {
    Plane plane = from.plane();
    int count = Math.ceilDiv(plane.width() - column, stride);
    int rows = Math.ceilDiv(plane.height() - row, stride);
    int at = from.index(channel / stride / stride) + row * plane.pitch() + column;
    int into = to.index(channel);
    int pitch = to.plane().pitch();
    if (stride == 2) {
      Planes.everySecond(maps, at, 2 * plane.pitch(), into, pitch, rows, count);
    } else {
      everyNth(maps, at, into, rows, count);
    }
    clearBeyond(maps, into, rows, count);
  }

  /**
   * Zeros in the rows and columns that others of the phases have and this one has not: they are
   * border, but another map may have used the place.
   */
  private void clearBeyond(float[] maps, int into, int rows, int columns) {
    Plane plane = to.plane();
    for (int row = 0; row < plane.height(); row++) {
      int at = into + row * plane.pitch();
      Arrays.fill(maps, at + (row < rows ? columns : 0), at + plane.width(), 0);
    }
  }

  private void everyNth(float[] maps, int at, int into, int rows, int columns) {
    for (int i = 0; i < rows * columns; i++) {
      int row = i / columns;
      int column = i % columns;
      maps[into + row * to.plane().pitch() + column] =
          maps[at + (row * from.plane().pitch() + column) * stride];
    }
  }
}
