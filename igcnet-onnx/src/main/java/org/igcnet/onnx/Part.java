package org.igcnet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;

/** Linear operations, one after the other, that are computed as one. */
sealed interface Part {
  /** What it stands for, at least one operation. */
  List<Operation> operations();

  /** {@link ConvolutionCost Time} for an image. */
  double cost();

  /** The name of its first convolution, or of a permutation alone. */
  default String name() {
    return operations().stream()
        .filter(Convolution.class::isInstance)
        .findFirst()
        .orElse(operations().getFirst())
        .name();
  }

  /** The shape that it writes. */
  default ImageShape output() {
    return operations().getLast().output();
  }

  /**
   * A group convolution. Permutations and sums of branches in it are 1×1 convolutions with weights
   * 0 and 1. Its weights are another affair, see {@link FoldedKernel}.
   *
   * @param convolution the finest partitions that hold all operations
   */
  record Product(List<Operation> operations, GroupConvolution convolution) implements Part {
    public Product {
      operations = List.copyOf(operations);
    }

    /** The partitions in which it is computed, some of which may be made one with zeros. */
    GroupConvolution computed() {
      return ConvolutionCost.fastest(convolution);
    }

    @Override
    public double cost() {
      return ConvolutionCost.of(computed()) * output().pixels();
    }
  }

  /** Permutations. */
  record Permutation(List<Operation> operations) implements Part {
    public Permutation {
      operations = List.copyOf(operations);
    }

    /** Where a channel comes from. */
    int source(int channel) {
      int source = channel;
      for (Operation operation : operations.reversed()) {
        source = ((Interleave) operation).source(source);
      }
      return source;
    }

    @Override
    public double cost() {
      return ConvolutionCost.ofMoving(output().channels()) * output().pixels();
    }
  }

  /** The parts of a linear map that together take least time. */
  static List<Part> fastest(List<Operation> map) {
    List<Split> best = new ArrayList<>(List.of(new Split(List.of(), 0)));
    for (int end = 1; end <= map.size(); end++) {
      Optional<Split> fastest = Optional.empty();
      for (int begin = 0; begin < end; begin++) {
        Split before = best.get(begin);
        Optional<Split> with =
            kinds(map.subList(begin, end)).map(before::with).reduce(Split::faster);
        fastest = Stream.of(fastest, with).flatMap(Optional::stream).reduce(Split::faster);
      }
      best.add(fastest.orElseThrow());
    }
    return best.getLast().parts();
  }

  /** What a run of operations can be computed as. */
  private static Stream<Part> kinds(List<Operation> operations) {
    Stream<Part> permutation =
        operations.stream().allMatch(Interleave.class::isInstance)
            ? Stream.of(new Permutation(operations))
            : Stream.of();
    Optional<Part> product =
        FoldedShape.of(operations).map(convolution -> new Product(operations, convolution));
    return Stream.concat(permutation, product.stream());
  }

  /** The beginning of a linear map in parts. */
  record Split(List<Part> parts, double cost) {
    Split with(Part next) {
      return new Split(Stream.concat(parts.stream(), Stream.of(next)).toList(), cost + next.cost());
    }

    Split faster(Split other) {
      return other.cost < cost ? other : this;
    }
  }
}
