package org.igcnet.cpu.plain;

import org.igcnet.loss.Sigmoid;

/** σ(x) of a map of one position, in the place of x. */
record SigmoidLayer(Place map) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(map);
    work.eachValue(map, (at, image, channel) -> x[at] = Sigmoid.of(x[at]));
  }

  @Override
  public void backward(Workspace work) {
    float[] y = work.values(map);
    float[] gradient = work.gradients(map);
    work.eachValue(map, (at, image, channel) -> gradient[at] *= Sigmoid.slope(y[at]));
  }
}
