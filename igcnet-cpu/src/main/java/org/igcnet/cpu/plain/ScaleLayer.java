package org.igcnet.cpu.plain;

import java.util.Arrays;

/**
 * Multiplies each channel by its factor.
 *
 * @param factors of one position
 * @param to lies in its storage as {@code from} in its own
 */
record ScaleLayer(Place from, Place factors, Place to) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(from);
    float[] factor = work.values(factors);
    float[] y = work.values(to);
    work.eachRun(
        to,
        (group, channel, length) -> {
          int at = to.index(group, channel);
          to.grid().clearEnds(y, at, work.images(group));
          Arrays.fill(y, at, at + length, 0);
          for (int image = 0; image < work.images(group); image++) {
            int begin = at + to.grid().row(image, 0);
            Loops.scale(x, factor[factor(group, channel, image)], 0, y, begin, run());
          }
        });
  }

  @Override
  public void backward(Workspace work) {
    float[] x = work.values(from);
    float[] factor = work.values(factors);
    float[] gradient = work.gradients(to);
    float[] ofMap = work.gradients(from);
    float[] ofFactor = work.gradients(factors);
    work.eachRun(
        to,
        (group, channel, length) -> {
          for (int image = 0; image < work.images(group); image++) {
            int begin = to.index(group, channel) + to.grid().row(image, 0);
            int at = factor(group, channel, image);
            ofFactor[at] += (float) Loops.sumProducts(x, gradient, begin, run());
            Loops.addScaled(gradient, factor[at], ofMap, begin, run());
          }
        });
  }

  private int factor(int group, int channel, int image) {
    return factors.index(group, channel) + factors.grid().row(image, 0);
  }

  /** Positions of an image. */
  private int run() {
    return to.grid().run(1);
  }
}
