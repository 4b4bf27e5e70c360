package org.igcnet.cpu.plain;

import java.util.Arrays;
import org.igcnet.arch.Kernel;

/** The greatest value of each window; the first of equals gets the gradient. */
record MaxPoolLayer(Place from, Place to, Kernel kernel, int stride) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(from);
    float[] greatest = work.values(to);
    work.eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          to.grid().clearEnds(greatest, at, work.images(group));
          Arrays.fill(greatest, at, at + length, 0);
          eachWindow(work, group, channel, x, (window, first) -> greatest[at + window] = x[first]);
        });
  }

  @Override
  public void backward(Workspace work) {
    float[] x = work.values(from);
    float[] gradient = work.gradients(to);
    float[] each = work.gradients(from);
    work.eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          eachWindow(
              work, group, channel, x, (window, first) -> each[first] += gradient[at + window]);
        });
  }

  /** What is done with a window, given where it stands in its run, and where its greatest is. */
  @FunctionalInterface
  private interface Found {
    void take(int window, int first);
  }

  private void eachWindow(Workspace work, int group, int channel, float[] x, Found found) {
    Grid grid = to.grid();
    int run = from.index(group, channel);
    for (int image = 0; image < work.images(group); image++) {
      for (int row = 0; row < grid.height(); row++) {
        for (int column = 0; column < grid.width(); column++) {
          int first = greatest(x, run + from.grid().row(image, 0), row, column);
          found.take(grid.row(image, row) + column, first);
        }
      }
    }
  }

  /** Where the greatest value of a window of an image is that begins at {@code image}. */
  private int greatest(float[] x, int image, int row, int column) {
    int top = row * stride - kernel.padRows();
    int left = column * stride - kernel.padColumns();
    int bottom = Math.min(top + kernel.height(), from.grid().height());
    int right = Math.min(left + kernel.width(), from.grid().width());
    int greatest = image + from.grid().row(0, Math.max(0, top)) + Math.max(0, left);
    for (int i = Math.max(0, top); i < bottom; i++) {
      for (int j = Math.max(0, left); j < right; j++) {
        int at = image + from.grid().row(0, i) + j;
        greatest = x[at] > x[greatest] ? at : greatest;
      }
    }
    return greatest;
  }
}
