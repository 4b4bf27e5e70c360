package org.igcnet.cpu.plan;

import org.igcnet.cpu.kernel.Lanes;

/**
 * A linear map of maps of one position, without its bias.
 *
 * @param inputs channels that it reads
 * @param outputs channels that it writes
 */
public record LinearPlan(int inputs, int outputs) {
  /** Outputs whose weights' gradients are summed up at a time. */
  private static final int SLICE = 16;

  /** Number of weights. */
  public int weights() {
    return inputs * outputs;
  }

  /** Outputs whose weights' gradients are summed up at a time. */
  public int slice() {
    return Math.min(SLICE, outputs);
  }

  /** Floats of a thread's memory for these sums: a vector for each weight. */
  int sums() {
    return slice() * inputs * Lanes.COUNT;
  }
}
