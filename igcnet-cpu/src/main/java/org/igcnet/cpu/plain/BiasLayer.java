package org.igcnet.cpu.plain;

/**
 * Adds a number to each channel, in its place.
 *
 * @param bias the name of its tensor
 */
record BiasLayer(String bias, Place map) implements Layer {
  @Override
  public void forward(Workspace work) {
    float[] x = work.values(map);
    int bias = work.offset(this.bias);
    work.eachRun(
        map,
        (group, channel, length) -> {
          float own = work.weights()[bias + channel];
          Loops.scale(x, 1, own, x, map.index(group, channel), length);
          map.grid().clearBorders(x, map.index(group, channel), 0, length);
        });
  }

  @Override
  public void backward(Workspace work) {
    float[] gradient = work.gradients(map);
    work.eachRun(
        map,
        (group, channel, length) ->
            work.sums()[group * map.channels() + channel] =
                (float) Loops.sum(gradient, map.index(group, channel), length));
    work.addGroups(map.channels());
    work.setGradients(0, map.channels(), work.offset(bias));
  }

  @Override
  public long sums() {
    return map.channels();
  }
}
