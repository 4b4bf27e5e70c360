package org.igcnet.cpu.predict;

import java.util.Arrays;
import org.igcnet.cpu.kernel.Planes;
import org.igcnet.cpu.kernel.Steps;

/**
 * Sorts a map's values by the remainders of their rows and columns, so that a convolution with a
 * stride reads neighbours. Remainders (a, b) of channel c become channel (c·s + a)·s + b.
 */
final class PhaseStep implements InferenceStep {
  private final FeatureMap from;
  private final FeatureMap to;
  private final int stride;
  private final Steps steps;

  /**
   * @param from the map
   * @param to has s·s times as many channels
   * @param stride s
   */
  PhaseStep(FeatureMap from, FeatureMap to, int stride) {
    this.from = from;
    this.to = to;
    this.stride = stride;
    this.steps = new Steps(to.plane().floats(), to.plane().pitch(), 1);
  }

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
    for (int channel = first; channel < end; channel++) {
      for (int row = 0; row < stride; row++) {
        phases(maps, channel, row);
      }
    }
  }

  /** Those of the rows with one remainder. */
  private void phases(float[] maps, int channel, int row) {
    Plane plane = from.plane();
    int rows = Math.ceilDiv(plane.height() - row, stride);
    int at = from.index(channel) + row * plane.pitch();
    int into = to.index((channel * stride + row) * stride);
    if (stride == 2) {
      Planes.unzip(maps, at, 2 * plane.pitch(), into, steps, rows, plane.width());
    }
    for (int column = 0; column < stride; column++) {
      int columns = Math.ceilDiv(plane.width() - column, stride);
      if (stride != 2) {
        everyNth(maps, at + column, into + column * steps.channel(), rows, columns);
      }
      clearBeyond(maps, into + column * steps.channel(), rows, columns);
    }
  }

  /**
   * Zeros in the rows and columns that others of the phases have and this one has not: they are
   * border, but another map may have used the place.
   */
  private void clearBeyond(float[] maps, int into, int rows, int columns) {
    Plane plane = to.plane();
    if (rows == plane.height() && columns == plane.width()) {
      return;
    }
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
