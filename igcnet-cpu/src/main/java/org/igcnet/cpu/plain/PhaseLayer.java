package org.igcnet.cpu.plain;

import java.util.Arrays;

/**
 * Sorts positions by the remainders of their row and column, so that a convolution with a stride is
 * one without behind it: phase p of channel c becomes channel c · phases + p.
 */
record PhaseLayer(Place from, Place to, Taps taps) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(from);
    float[] sorted = work.values(to);
    work.eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          to.grid().clearEnds(sorted, at, work.images(group));
          Arrays.fill(sorted, at, at + length, 0);
          eachRow(
              work,
              group,
              channel,
              (row, source, count) -> Loops.gather(x, source, taps.stride(), sorted, row, count));
        });
  }

  @Override
  public void backward(Workspace work) {
    if (work.learns(from)) {
      float[] sorted = work.gradients(to);
      float[] each = work.gradients(from);
      // Phases of one channel write different positions of it.
      work.eachRun(
          to,
          (group, channel, length) ->
              eachRow(
                  work,
                  group,
                  channel,
                  (row, source, count) ->
                      Loops.scatter(sorted, row, each, source, taps.stride(), count)));
    }
  }

  /** What is done with a row of a phase. */
  @FunctionalInterface
  private interface Moved {
    /**
     * Does it.
     *
     * @param row where it begins
     * @param source where its first position comes from
     * @param count its positions
     */
    void take(int row, int source, int count);
  }

  private void eachRow(Workspace work, int group, int channel, Moved moved) {
    Taps.Phase phase = taps.phases().get(channel % taps.phases().size());
    int stride = taps.stride();
    Grid wide = from.grid();
    int source = from.index(group, channel / taps.phases().size()) + phase.column();
    int count = Math.ceilDiv(wide.width() - phase.column(), stride);
    for (int image = 0; image < work.images(group); image++) {
      for (int row = phase.row(); row < wide.height(); row += stride) {
        int target = to.index(group, channel) + to.grid().row(image, row / stride);
        moved.take(target, source + wide.row(image, row), count);
      }
    }
  }
}
