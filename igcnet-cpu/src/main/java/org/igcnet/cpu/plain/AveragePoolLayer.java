package org.igcnet.cpu.plain;

import java.util.Arrays;

/** The mean of each channel. */
record AveragePoolLayer(Place from, Place to) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(from);
    float[] mean = work.values(to);
    work.eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          to.grid().clearEnds(mean, at, work.images(group));
          Arrays.fill(mean, at, at + length, 0);
          for (int image = 0; image < work.images(group); image++) {
            int begin = from.index(group, channel) + from.grid().row(image, 0);
            double sum = Loops.sum(x, begin, from.grid().run(1));
            mean[at + to.grid().row(image, 0)] = (float) (sum / from.grid().pixels());
          }
        });
  }

  @Override
  public void backward(Workspace work) {
    float[] mean = work.gradients(to);
    float[] each = work.gradients(from);
    Grid grid = from.grid();
    work.eachRun(
        from,
        (group, channel, length) -> {
          for (int image = 0; image < work.images(group); image++) {
            float own = mean[to.index(group, channel) + to.grid().row(image, 0)] / grid.pixels();
            for (int row = 0; row < grid.height(); row++) {
              int at = from.index(group, channel) + grid.row(image, row);
              Loops.scale(each, 1, own, each, at, grid.width());
            }
          }
        });
  }
}
