package org.igcnet.cpu.plan;

import org.igcnet.arch.Head;
import org.igcnet.cpu.kernel.Lanes;

/**
 * What the final layer takes of a thread's memory: the activation of one channel, the features'
 * gradients, and the sums of some classes' weights.
 */
public record HeadPlan(Head head) {
  /** The final layer without its bias. */
  public LinearPlan linear() {
    return new LinearPlan(head.features(), head.classes());
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
    return (long) sumsAt() + linear().sums();
  }

  /** Floats of memory that the sums of all tasks need. */
  long taskSums(int blocks) {
    return (long) blocks * Lanes.whole(linear().weights());
  }
}
