package org.igcnet.onnx;

import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.onnx.Part.Layout;

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

  /** A value of the matrix that other spatial convolutions copy their inputs into. */
  private static final double COPIED = 20;

  /** A channel that other pointwise convolutions read where it is. */
  private static final double READ = 6;

  /** A channel brought into the other layout. */
  private static final double LAID_OUT = 10;

  /** A channel that a permutation moves through memory. */
  private static final double MOVED = 8;

  private ConvolutionCost() {}

  static double ofMoving(int channels) {
    return MOVED * channels;
  }

  static double ofLayingOut(int channels) {
    return LAID_OUT * channels;
  }

  /** How the kernel that computes it wants its maps. */
  static Layout layout(GroupConvolution convolution) {
    return vectorised(convolution) ? Layout.VECTORS : Layout.PLANES;
  }

  static double of(GroupConvolution convolution) {
    return vectorised(convolution)
        ? (double) wholeVectors(convolution.outputChannels()) * vectorInputs(convolution)
        : weights(convolution) + copying(convolution);
  }

  /** Inputs of an output of a fast kernel, which takes whole vectors of channels, or few. */
  private static int vectorInputs(GroupConvolution convolution) {
    int inputs = convolution.groupInputs();
    int taken = inputs < VECTOR ? inputs : wholeVectors(inputs);
    return taken * convolution.kernel().area();
  }

  private static double copying(GroupConvolution convolution) {
    double copied = convolution.pointwise() ? READ : COPIED * convolution.kernel().area();
    return copied * convolution.inputChannels();
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

  /** The same with neighbouring partitions made one, or as it is: the fastest of each layout. */
  static Collection<GroupConvolution> fastest(GroupConvolution convolution) {
    return IntStream.rangeClosed(1, convolution.groups())
        .filter(joined -> convolution.groups() % joined == 0)
        .mapToObj(joined -> convolution.inGroups(convolution.groups() / joined))
        .collect(
            Collectors.toMap(
                ConvolutionCost::layout,
                Function.identity(),
                BinaryOperator.minBy(Comparator.comparingDouble(ConvolutionCost::of)),
                () -> new EnumMap<>(Layout.class)))
        .values();
  }
}
