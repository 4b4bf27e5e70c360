package org.igcnet.cpu.plan;

import org.igcnet.arch.Operation.Convolution;
import org.igcnet.cpu.kernel.Lanes;

/**
 * What a squeeze and excitation takes of a thread's memory: the activation of one channel and its
 * gradient, and backward one after the other the gradients of the factors, of what is squeezed and
 * of the means, then the sums of some outputs' weights.
 */
public record ExcitePlan(Fused.Excite excite) {
  /** W, from the means to what is squeezed. */
  public LinearPlan squeeze() {
    return linear(excite.squeeze());
  }

  /** V, from what is squeezed to the factors. */
  public LinearPlan excitation() {
    return linear(excite.excite());
  }

  private static LinearPlan linear(Convolution convolution) {
    return new LinearPlan(
        convolution.from().channels(), convolution.convolution().outputChannels());
  }

  /** Channels of the map. */
  public int channels() {
    return squeeze().inputs();
  }

  /** Channels between the two linear maps. */
  public int squeezed() {
    return squeeze().outputs();
  }

  /** Floats of one channel. */
  public int plane() {
    return excite.shape().pixels() * Lanes.COUNT;
  }

  /** Where a channel's gradient begins. */
  public int gradientAt() {
    return Lanes.LEAD + plane();
  }

  /** Where the gradients of the factors begin. */
  public int factorsAt() {
    return gradientAt() + plane();
  }

  /** Where the gradients of what is squeezed begin. */
  public int squeezedAt() {
    return factorsAt() + channels() * Lanes.COUNT;
  }

  /** Where the gradients of the means begin. */
  public int meansAt() {
    return squeezedAt() + squeezed() * Lanes.COUNT;
  }

  /** Where the sums of weights' gradients begin. */
  public int sumsAt() {
    return meansAt() + channels() * Lanes.COUNT;
  }

  /** Floats of memory that a thread needs. */
  long scratch() {
    return (long) sumsAt() + Math.max(squeeze().sums(), excitation().sums());
  }

  /** Floats of memory that the sums of all tasks need. */
  long taskSums(int blocks) {
    return (long) blocks * Lanes.whole(excite.weights());
  }

  /** Means, what is squeezed and factors of all blocks, and the weights as kernels want them. */
  long vectors(BatchLayout largest) {
    return (long) largest.blocks() * (2 * channels() + squeezed()) * Lanes.COUNT
        + 2L * excite.weights();
  }
}
