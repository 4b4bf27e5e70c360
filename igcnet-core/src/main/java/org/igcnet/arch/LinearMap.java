package org.igcnet.arch;

import java.util.List;

/**
 * What stands before a batch normalisation: group convolutions without biases, one after the other,
 * with permutations of channels between them. A product of sparse kernels (equation 6): linear, but
 * for the variant of footnote 4, which has a ReLU between its convolutions.
 */
public sealed interface LinearMap
    permits GroupConvolution, IgcConvolution, ConvolutionProduct, SummedConvolution {
  /** {@return the number of channels that it reads} */
  int inputChannels();

  /** {@return the number of channels that it writes} */
  int outputChannels();

  /** {@return the step between neighbouring outputs, in both directions} */
  int stride();

  /** {@return what it is made of, in the order in which it is computed} */
  List<Step> steps();

  /** {@return whether no activation stands between its convolutions} */
  default boolean linear() {
    return steps().stream().noneMatch(Rectify.class::isInstance);
  }

  /** {@return the convolutions among the steps} */
  default List<Factor> factors() {
    return steps().stream().filter(Factor.class::isInstance).map(Factor.class::cast).toList();
  }

  /**
   * {@return the shape that comes out where {@code input} goes in: sizes are divided by the stride,
   * rounded up}
   *
   * @param input the shape that it reads
   */
  default ImageShape output(ImageShape input) {
    if (input.channels() != inputChannels()) {
      throw new IllegalArgumentException(
          "%s takes %d channels, not %d".formatted(this, inputChannels(), input.channels()));
    }
    return new ImageShape(
        outputChannels(),
        Math.ceilDiv(input.height(), stride()),
        Math.ceilDiv(input.width(), stride()));
  }

  /** One step of a linear map. */
  sealed interface Step {}

  /**
   * One convolution of a linear map.
   *
   * @param name the name of its weight, for example {@code conv}, {@code primary} or {@code
   *     secondary}
   * @param convolution its shape; its partitions are neighbouring channels
   */
  record Factor(String name, GroupConvolution convolution) implements Step {}

  /**
   * The permutation Pᵀ or P of equation 5: channels taken as a matrix {@code [rows][columns]} are
   * transposed, channel r·columns + c becomes channel c·rows + r.
   *
   * @param rows of the matrix; the channels of a column become neighbours
   * @param columns of the matrix
   */
  record Interleave(int rows, int columns) implements Step {}

  /** max(0, x): footnote 4, without batch normalisation. */
  record Rectify() implements Step {}

  /**
   * Adds up {@code branches} runs of consecutive channels (equation 21).
   *
   * @param branches how many runs
   */
  record BranchSum(int branches) implements Step {}
}
