package org.igcnet.cpu.plain;

/**
 * Adds a map to another.
 *
 * @param sum gets the sum; its gradient is both summands'
 */
record AddLayer(Place sum, Place summand) implements Layer {
  @Override
  public void forward(Workspace work) {
    add(work, summand, work.values(summand), sum, work.values(sum));
  }

  @Override
  public void backward(Workspace work) {
    if (work.learns(summand)) {
      add(work, sum, work.gradients(sum), summand, work.gradients(summand));
    }
  }

  private static void add(Workspace work, Place from, float[] x, Place to, float[] sum) {
    work.eachRun(
        to,
        (group, channel, length) ->
            Loops.addRun(x, from.index(group, channel), sum, to.index(group, channel), length));
  }
}
