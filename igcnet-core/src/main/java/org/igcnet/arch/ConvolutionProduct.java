package org.igcnet.arch;

import java.util.List;

/**
 * Any number of group convolutions with permutations of channels, and perhaps activations, between
 * them: the variants of section 4, and blocks of more than two convolutions. {@link IgcConvolution}
 * is the paper's own.
 *
 * @param steps factors, interleavings and activations; at least one factor
 */
public record ConvolutionProduct(List<Step> steps) implements LinearMap {
  /**
   * Looks whether each step takes as many channels as the one before it gives.
   *
   * @throws IllegalArgumentException where one does not, none is a convolution, or one is a sum of
   *     branches
   */
  public ConvolutionProduct {
    steps = List.copyOf(steps);
    int channels = firstInputs(steps);
    for (Step step : steps) {
      channels = channelsAfter(step, channels);
    }
  }

  private static int firstInputs(List<Step> steps) {
    return steps.stream()
        .filter(Factor.class::isInstance)
        .map(step -> ((Factor) step).convolution().inputChannels())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("a product has at least one convolution"));
  }

  private static int channelsAfter(Step step, int channels) {
    int taken =
        switch (step) {
          case Factor(String _, GroupConvolution convolution) -> convolution.inputChannels();
          case Interleave(int rows, int columns) -> rows * columns;
          case Rectify() -> channels;
          case BranchSum _ ->
              throw new IllegalArgumentException("branches are summed by a SummedConvolution");
        };
    if (taken != channels) {
      throw new IllegalArgumentException(
          "%s takes %d channels, not %d".formatted(step, taken, channels));
    }
    return step instanceof Factor(String _, GroupConvolution convolution)
        ? convolution.outputChannels()
        : channels;
  }

  @Override
  public int inputChannels() {
    return factors().getFirst().convolution().inputChannels();
  }

  @Override
  public int outputChannels() {
    return factors().getLast().convolution().outputChannels();
  }

  @Override
  public int stride() {
    return factors().stream()
        .mapToInt(factor -> factor.convolution().stride())
        .reduce(1, Math::multiplyExact);
  }
}
