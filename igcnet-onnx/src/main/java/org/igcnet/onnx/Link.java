package org.igcnet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;

/**
 * Linear operations, one after the other, that are computed as one group convolution. Permutations
 * and sums of branches are 1×1 convolutions with weights 0 and 1. The weights are of no interest
 * here, see {@link FoldedKernel}.
 *
 * @param operations at least one
 * @param convolution the finest partitions that hold all of them
 */
record Link(List<Operation> operations, GroupConvolution convolution) {
  /** Channels that runtimes' kernels for vectors compute at once. */
  private static final int VECTOR = 16;

  Link {
    operations = List.copyOf(operations);
  }

  static Link of(Operation operation) {
    return new Link(List.of(operation), shape(operation));
  }

  /** The convolution that a linear operation is. */
  static GroupConvolution shape(Operation operation) {
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

  /** Joins neighbours wherever one convolution takes no longer than the two do. */
  static List<Link> joined(List<Operation> operations) {
    List<Link> links = new ArrayList<>();
    for (Operation operation : operations) {
      Link next = of(operation);
      if (!links.isEmpty() && links.getLast().fasterWith(next)) {
        links.add(links.removeLast().then(next));
      } else {
        links.add(next);
      }
    }
    return links;
  }

  /** The name of its first convolution, or of a permutation alone. */
  String name() {
    return operations.stream()
        .filter(Convolution.class::isInstance)
        .findFirst()
        .orElse(operations.getFirst())
        .name();
  }

  /** Padding is not lost where one of two kernels is a point and has no bias. */
  private boolean fasterWith(Link next) {
    return (convolution.pointwise() || next.convolution.pointwise())
        && then(next).cost() <= cost() * next.area() + next.cost();
  }

  private Link then(Link next) {
    return new Link(
        Stream.concat(operations.stream(), next.operations.stream()).toList(),
        product(convolution, next.convolution));
  }

  /** The shape of two convolutions in one, of which one is pointwise. */
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

  /** Input positions for each output position. */
  private int area() {
    return convolution.stride() * convolution.stride();
  }

  /** Multiply-adds for each output position, zeros included. */
  private long cost() {
    return weights(widened());
  }

  static long weights(GroupConvolution convolution) {
    return (long) convolution.outputChannels() * convolution.fanIn();
  }

  /**
   * With some partitions made one, filled up with zeros. Runtimes have fast kernels for partitions
   * of whole vectors, and for a single channel in each; they take others as small matrix products,
   * one after the other.
   */
  GroupConvolution widened() {
    boolean depthwise = convolution.groupInputs() == 1 && convolution.groupOutputs() == 1;
    int groups = depthwise ? convolution.groups() : widerGroups();
    return new GroupConvolution(
        convolution.inputChannels(),
        convolution.outputChannels(),
        groups,
        convolution.kernel(),
        convolution.stride());
  }

  private int widerGroups() {
    return greatest(groups -> wholeVectors(convolution, groups));
  }

  private static boolean wholeVectors(GroupConvolution convolution, int groups) {
    return convolution.inputChannels() / groups % VECTOR == 0
        && convolution.outputChannels() / groups % VECTOR == 0;
  }

  /** The most partitions, made of whole ones, that are as wanted; 1 where none are. */
  private int greatest(IntPredicate wanted) {
    for (int groups = convolution.groups(); groups > 1; groups--) {
      if (convolution.groups() % groups == 0 && wanted.test(groups)) {
        return groups;
      }
    }
    return 1;
  }
}
