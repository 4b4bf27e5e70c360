package org.igcnet.cpu.plan;

import org.igcnet.arch.Head;
import org.igcnet.cpu.kernel.Lanes;

/**
 * What the final layer takes of a thread's memory: the activation of one channel, the features'
 * gradients, and the sums of some classes' weights.
 */
public record HeadPlan(Head head) {
  /** Classes whose weights' gradients are summed up at a time. */
  private static final int SLICE = 16;

  /** Weights, without biases. */
  public int weights() {
    return head.features() * head.classes();
  }

  /** Classes whose weights' gradients are summed up at a time. */
  public int slice() {
    return Math.min(SLICE, head.classes());
  }

  /** Floats of one channel's activation, which come first. */
  public int plane() {
    return head.input().pixels() * Lanes.COUNT;
  }

  /** Where the features' gradients begin. */
  public int featuresAt() {
    return Lanes.LEAD + plane();
  }

  /** Where the sums begin. */
  public int sumsAt() {
    return featuresAt() + head.features() * Lanes.COUNT;
  }

  /** Floats of memory that a thread needs. */
  long scratch() {
    int vectors = head.input().pixels() + head.features() * (1 + slice());
    return Lanes.LEAD + (long) vectors * Lanes.COUNT;
  }

  /** Floats of memory that the sums of all tasks need. */
  long taskSums(int blocks) {
    return (long) blocks * Lanes.whole(weights());
  }
}
