package org.igcnet.arch;

import java.util.List;

/**
 * A convolution over {@code groups} partitions of its channels separately (equation 1), without
 * bias, padded so that stride 1 keeps the size. One group is a regular convolution.
 *
 * <p>Its weight has the shape {@code [outputChannels][inputChannels / groups][kernel rows][kernel
 * columns]} (OIHW), as in PyTorch.
 *
 * @param inputChannels all input channels, a multiple of {@code groups}
 * @param outputChannels all output channels, a multiple of {@code groups}
 * @param groups number of partitions
 * @param kernel spatial extent
 * @param stride step between neighbouring outputs
 */
public record GroupConvolution(
    int inputChannels, int outputChannels, int groups, Kernel kernel, int stride)
    implements LinearMap {
  /**
   * Looks whether the channels can be divided so.
   *
   * @throws IllegalArgumentException where they cannot, or a number is below 1
   */
  public GroupConvolution {
    if (groups < 1
        || inputChannels < 1
        || outputChannels < 1
        || inputChannels % groups != 0
        || outputChannels % groups != 0) {
      throw new IllegalArgumentException(
          "%d → %d channels cannot be divided into %d partitions"
              .formatted(inputChannels, outputChannels, groups));
    }
    if (stride < 1) {
      throw new IllegalArgumentException("a stride is at least 1, not " + stride);
    }
  }

  /** {@return the input channels of one partition} */
  public int groupInputs() {
    return inputChannels / groups;
  }

  /** {@return the output channels of one partition} */
  public int groupOutputs() {
    return outputChannels / groups;
  }

  /** {@return the inputs of one output value: input channels of the group × kernel area} */
  public int fanIn() {
    return groupInputs() * kernel.area();
  }

  /** {@return whether it only mixes the channels of one position} */
  public boolean pointwise() {
    return kernel.area() == 1 && stride == 1;
  }

  /**
   * {@return one of so many convolutions of the same input that this one computes side by side}
   *
   * @param branches how many, which divide the output channels
   */
  public GroupConvolution branch(int branches) {
    return new GroupConvolution(inputChannels, outputChannels / branches, groups, kernel, stride);
  }

  /**
   * {@return the same with other partitions}
   *
   * @param partitions how many, which divide the channels on both sides
   */
  public GroupConvolution inGroups(int partitions) {
    return new GroupConvolution(inputChannels, outputChannels, partitions, kernel, stride);
  }

  /** {@return the number of weights} */
  public int weights() {
    return outputChannels * fanIn();
  }

  /** {@return the weight's shape, OIHW} */
  public List<Integer> weightShape() {
    return List.of(outputChannels, groupInputs(), kernel.height(), kernel.width());
  }

  @Override
  public List<Step> steps() {
    return List.of(new Factor("conv", this));
  }
}
