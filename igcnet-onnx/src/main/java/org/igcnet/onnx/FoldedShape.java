package org.igcnet.onnx;

import java.util.List;
import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;

/** Linear operations as group convolutions: their shapes alone. */
final class FoldedShape {
  private FoldedShape() {}

  /**
   * The one convolution that several operations are. There is none where two of them are spatial:
   * each pads its own map.
   */
  static Optional<GroupConvolution> of(List<Operation> operations) {
    long spatial =
        operations.stream().filter(operation -> !FoldedShape.of(operation).pointwise()).count();
    return spatial > 1
        ? Optional.empty()
        : operations.stream().map(FoldedShape::of).reduce(FoldedShape::product);
  }

  /** The convolution that a linear operation is. */
  static GroupConvolution of(Operation operation) {
    return switch (operation) {
      case Convolution own -> own.convolution();
      case Interleave own -> moving(own.output().channels(), own.identity());
      case BranchSum own ->
          mixing(own.branches() * own.output().channels(), own.output().channels(), 1);
      default -> throw new IllegalArgumentException(operation + " is not linear");
    };
  }

  private static GroupConvolution moving(int channels, boolean nowhere) {
    return mixing(channels, channels, nowhere ? channels : 1);
  }

  private static GroupConvolution mixing(int inputs, int outputs, int groups) {
    return new GroupConvolution(inputs, outputs, groups, Kernel.POINT, 1);
  }

  /** Two convolutions in one, of which one is pointwise: the finest partitions that hold both. */
  static GroupConvolution product(GroupConvolution first, GroupConvolution second) {
    return new GroupConvolution(
        first.inputChannels(),
        second.outputChannels(),
        divisor(first.groups(), second.groups()),
        first.pointwise() ? second.kernel() : first.kernel(),
        first.stride() * second.stride());
  }

  private static int divisor(int a, int b) {
    return b == 0 ? a : divisor(b, a % b);
  }
}
