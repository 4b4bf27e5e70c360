package org.igcnet.arch;

import java.util.List;

/**
 * The interleaved group convolution of equation 5, x' = P Wˢ Pᵀ Wᵖ x: a spatial group convolution
 * over L primary partitions, then a 1×1 group convolution over M secondary partitions, the m-th of
 * which holds the m-th output channel of each primary partition.
 *
 * <p>Channel l·M + m is channel m of primary partition l, at the input, between the two (y) and at
 * the output. The secondary weight is kept in the order of ȳ and z̄: its row m·L + l' makes output
 * channel l'·M + m, its column l reads channel l·M + m.
 *
 * @param primaryPartitions L
 * @param partitionInputs input channels of one primary partition; differs from M where a stage
 *     begins
 * @param secondaryPartitions M, the output channels of one primary partition
 * @param kernel spatial extent of the primary convolution
 * @param stride step of the primary convolution
 */
public record IgcConvolution(
    int primaryPartitions, int partitionInputs, int secondaryPartitions, Kernel kernel, int stride)
    implements LinearMap {
  /**
   * Looks at the partitions.
   *
   * @throws IllegalArgumentException where their number or their inputs are below 1
   */
  public IgcConvolution {
    if (primaryPartitions < 1 || partitionInputs < 1 || secondaryPartitions < 1) {
      throw new IllegalArgumentException(
          "partitions and their inputs are at least 1, not L = %d, %d inputs and M = %d"
              .formatted(primaryPartitions, partitionInputs, secondaryPartitions));
    }
  }

  /** {@return Wᵖ: L partitions, each {@code partitionInputs} → M channels} */
  public GroupConvolution primary() {
    return new GroupConvolution(
        inputChannels(), outputChannels(), primaryPartitions, kernel, stride);
  }

  /** {@return Wˢ: M partitions, each L → L channels, 1×1} */
  public GroupConvolution secondary() {
    return new GroupConvolution(
        outputChannels(), outputChannels(), secondaryPartitions, Kernel.POINT, 1);
  }

  @Override
  public int inputChannels() {
    return primaryPartitions * partitionInputs;
  }

  @Override
  public int outputChannels() {
    return primaryPartitions * secondaryPartitions;
  }

  @Override
  public List<Step> steps() {
    return List.of(
        new Factor("primary", primary()),
        new Interleave(primaryPartitions, secondaryPartitions),
        new Factor("secondary", secondary()),
        new Interleave(secondaryPartitions, primaryPartitions));
  }
}
