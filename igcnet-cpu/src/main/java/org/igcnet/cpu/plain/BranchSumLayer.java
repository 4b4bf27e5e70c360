package org.igcnet.cpu.plain;

import java.util.Arrays;

/** Adds up runs of consecutive channels (equation 21). */
record BranchSumLayer(Place from, Place to) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(from);
    float[] sum = work.values(to);
    work.eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          to.grid().clearEnds(sum, at, work.images(group));
          Arrays.fill(sum, at, at + length, 0);
          for (int c = channel; c < from.channels(); c += to.channels()) {
            Loops.addRun(x, from.index(group, c), sum, at, length);
          }
        });
  }

  @Override
  public void backward(Workspace work) {
    float[] gradient = work.gradients(to);
    float[] each = work.gradients(from);
    work.eachRun(
        from,
        (group, channel, length) -> {
          int at = to.index(group, channel % to.channels());
          Loops.addRun(gradient, at, each, from.index(group, channel), length);
        });
  }
}
