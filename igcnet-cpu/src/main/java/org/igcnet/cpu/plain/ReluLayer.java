package org.igcnet.cpu.plain;

/** max(0, x), in the place of x. */
record ReluLayer(Place map) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(map);
    work.eachRun(
        map, (group, channel, length) -> Loops.rectify(x, map.index(group, channel), length));
  }

  @Override
  public void backward(Workspace work) {
    float[] x = work.values(map);
    float[] gradient = work.gradients(map);
    work.eachRun(
        map,
        (group, channel, length) -> Loops.gate(x, gradient, map.index(group, channel), length));
  }
}
