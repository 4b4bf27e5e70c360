package org.igcnet.cpu.memory;

import java.util.stream.IntStream;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapConvolution;
import org.igcnet.cpu.kernel.TapWeights;
import org.igcnet.cpu.plan.WeightOrder;

/**
 * One of a group convolution's computations, forward or backward, with its weights laid out for it.
 */
public final class GroupKernel {
  private final TapConvolution convolution;
  private final WeightOrder order;
  private final int[] tapWeights;

  /** Of each partition; none before the first {@link #pack}. */
  private TapWeights[] packed = {};

  /**
   * Takes no memory for weights before the first {@link #pack}.
   *
   * @param taps relative places of the taps
   * @param tapWeights for each tap where its weight for output channel 0 stands, from the
   *     partition's first
   */
  public GroupKernel(WeightOrder order, int[] taps, int[] tapWeights, Steps in, Steps out) {
    this.convolution = new TapConvolution(taps, order.outputs(), in, out);
    this.order = order;
    this.tapWeights = tapWeights;
  }

  /** Reads the weights anew, all groups from {@code base} on. */
  public void pack(float[] weights, int base) {
    if (packed.length == 0) {
      packed = allocate();
    }
    for (int group = 0; group < order.groups(); group++) {
      int first = base + group * order.groupWeights();
      convolution.pack(weights, first, tapWeights, order.outputStep(), packed[group]);
    }
  }

  private TapWeights[] allocate() {
    int each = convolution.weights();
    float[] values =
        new float[MemoryPlan.length((long) order.groups() * each, "a layer's weights")];
    return IntStream.range(0, order.groups())
        .mapToObj(group -> new TapWeights(values, group * each))
        .toArray(TapWeights[]::new);
  }

  /** See {@link TapConvolution#run}. */
  public void run(
      int group, float[] from, int fromBase, float[] to, int toBase, int rows, int columns) {
    convolution.run(from, fromBase, packed[group], to, toBase, rows, columns);
  }
}
