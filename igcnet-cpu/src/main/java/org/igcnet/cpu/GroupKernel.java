package org.igcnet.cpu;

import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapConvolution;

/**
 * One of a group convolution's computations, forward or backward, with its weights laid out for it.
 */
final class GroupKernel {
  private final TapConvolution convolution;
  private final int[] tapWeights;
  private final int outputStep;
  private final int groups;
  private final int groupWeights;
  private float[] packed = {};

  /**
   * Takes no memory for weights before the first {@link #pack}.
   *
   * @param groups number of partitions
   * @param groupWeights weights of one partition
   * @param taps relative places of the taps
   * @param tapWeights for each tap where its weight for output channel 0 stands, from the
   *     partition's first
   * @param outputs output channels of one partition
   * @param outputStep weights between the same tap's for neighbouring output channels
   */
  GroupKernel(
      int groups,
      int groupWeights,
      int[] taps,
      int[] tapWeights,
      int outputs,
      int outputStep,
      Steps in,
      Steps out) {
    this.convolution = new TapConvolution(taps, outputs, in, out);
    this.groups = groups;
    this.groupWeights = groupWeights;
    this.tapWeights = tapWeights;
    this.outputStep = outputStep;
  }

  /** Reads the weights anew, all groups from {@code base} on. */
  void pack(float[] weights, int base) {
    if (packed.length == 0) {
      packed =
          new float[MemoryPlan.length((long) groups * convolution.weights(), "a layer's weights")];
    }
    for (int group = 0; group < groups; group++) {
      convolution.pack(
          weights,
          base + group * groupWeights,
          tapWeights,
          outputStep,
          packed,
          group * convolution.weights());
    }
  }

  /** See {@link TapConvolution#run}. */
  void run(int group, float[] from, int fromBase, float[] to, int toBase, int rows, int columns) {
    convolution.run(
        from, fromBase, packed, group * convolution.weights(), to, toBase, rows, columns);
  }
}
