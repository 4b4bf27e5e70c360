package org.igcnet.engine;

import java.util.Arrays;
import org.igcnet.engine.kernel.Steps;
import org.igcnet.engine.kernel.TapConvolution;

/**
 * One of a group convolution's computations, forward or backward, with its weights laid out for it.
 */
final class GroupKernel {
  /** Where the weight that joins an output channel and a tap stands, within a group's weights. */
  @FunctionalInterface
  interface WeightOrder {
    /** Offset from the group's first weight. */
    int index(int output, int tap);
  }

  /** A place in the packed weights that stays zero. */
  private static final int NONE = -1;

  private final TapConvolution convolution;
  private final int[] order;
  private final int groups;
  private final int groupWeights;
  private final float[] packed;

  /**
   * Allocates the packed weights.
   *
   * @param groups number of partitions
   * @param groupWeights weights of one partition
   * @param taps relative places of the taps
   * @param outputs output channels of one partition
   */
  GroupKernel(
      int groups,
      int groupWeights,
      int[] taps,
      int outputs,
      Steps in,
      Steps out,
      WeightOrder from) {
    this.convolution = new TapConvolution(taps, outputs, in, out);
    this.groups = groups;
    this.groupWeights = groupWeights;
    this.order = new int[convolution.weights()];
    Arrays.fill(order, NONE);
    for (int output = 0; output < outputs; output++) {
      for (int tap = 0; tap < taps.length; tap++) {
        order[convolution.weightIndex(output, tap)] = from.index(output, tap);
      }
    }
    this.packed = new float[groups * order.length];
  }

  /** Reads the weights anew, all groups from {@code base} on. */
  void pack(float[] weights, int base) {
    for (int group = 0, to = 0; group < groups; group++) {
      int from = base + group * groupWeights;
      for (int index : order) {
        packed[to++] = index == NONE ? 0 : weights[from + index];
      }
    }
  }

  /** See {@link TapConvolution#run}. */
  void run(int group, float[] from, int fromBase, float[] to, int toBase, int rows, int columns) {
    convolution.run(from, fromBase, packed, group * order.length, to, toBase, rows, columns);
  }
}
