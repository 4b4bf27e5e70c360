package org.igcnet.arch;

import java.util.List;

/**
 * What stands before a batch normalisation: a linear map of feature maps made of convolutions
 * without biases and without anything between them.
 */
public sealed interface LinearMap permits GroupConvolution, IgcConvolution, SummedConvolution {
  int inputChannels();

  int outputChannels();

  /** Step between neighbouring outputs, in both directions. */
  int stride();

  /** The convolutions with their names, in the order in which they run. */
  List<Factor> factors();

  /**
   * The shape that comes out where {@code input} goes in: sizes are divided by the stride, rounded
   * up.
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

  /**
   * One convolution of a linear map.
   *
   * @param name the name of its weight, {@code conv}, {@code primary}, {@code secondary} or {@code
   *     branches}
   * @param convolution its shape
   */
  record Factor(String name, GroupConvolution convolution) {}
}
