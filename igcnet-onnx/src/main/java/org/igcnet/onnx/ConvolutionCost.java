package org.igcnet.onnx;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.igcnet.arch.GroupConvolution;

/**
 * Time that a runtime takes for one position of a map, in multiply-adds of its fast kernels. The
 * constants are ONNX Runtime's on one thread of a processor with vectors of 16 floats, measured by
 * convolutions of 24 to 1,600 channels. They decide between ways to compute the same.
 */
final class ConvolutionCost {
  /** Channels that a fast kernel computes at once. */
  private static final int VECTOR = 16;

  /** What fast kernels without partitions need of their channels. */
  private static final int ALIGNMENT = 4;

  /** A value of the matrix that other convolutions copy their inputs into. */
  private static final double COPIED = 24;

  /** A channel brought into another layout: fast kernels have one of their own. */
  private static final double LAID_OUT = 8;

  /** A channel that a permutation moves through memory, from the fast kernels' layout and back. */
  private static final double MOVED = 80;

  private ConvolutionCost() {}

  static double ofMoving(int channels) {
    return MOVED * channels;
  }

  static double of(GroupConvolution convolution) {
    return vectorised(convolution)
        ? (double) wholeVectors(convolution.outputChannels()) * convolution.fanIn()
        : weights(convolution) + copying(convolution);
  }

  private static double copying(GroupConvolution convolution) {
    double positions = convolution.stride() * convolution.stride();
    double read = convolution.inputChannels() * positions;
    return COPIED * convolution.inputChannels() * convolution.kernel().area()
        + LAID_OUT * (read + convolution.outputChannels());
  }

  private static int wholeVectors(int channels) {
    return Math.ceilDiv(channels, VECTOR) * VECTOR;
  }

  /** Zeros included. */
  static long weights(GroupConvolution convolution) {
    return (long) convolution.outputChannels() * convolution.fanIn();
  }

  /**
   * Whether there is a fast kernel: for partitions of whole vectors, for one channel in each, and
   * without partitions.
   */
  private static boolean vectorised(GroupConvolution convolution) {
    int inputs = convolution.groupInputs();
    int outputs = convolution.groupOutputs();
    if (convolution.groups() == 1) {
      return inputs < VECTOR || inputs % ALIGNMENT == 0;
    }
    boolean depthwise = inputs == 1 && outputs == 1;
    if (depthwise) {
      return convolution.outputChannels() % ALIGNMENT == 0;
    }
    return inputs % VECTOR == 0 && outputs % VECTOR == 0;
  }

  /** The same with some neighbouring partitions made one, where that is faster. */
  static GroupConvolution fastest(GroupConvolution convolution) {
    return IntStream.rangeClosed(1, convolution.groups())
        .filter(joined -> convolution.groups() % joined == 0)
        .mapToObj(joined -> inGroups(convolution, convolution.groups() / joined))
        .min(Comparator.comparingDouble(ConvolutionCost::of))
        .orElseThrow();
  }

  private static GroupConvolution inGroups(GroupConvolution convolution, int groups) {
    return new GroupConvolution(
        convolution.inputChannels(),
        convolution.outputChannels(),
        groups,
        convolution.kernel(),
        convolution.stride());
  }
}
