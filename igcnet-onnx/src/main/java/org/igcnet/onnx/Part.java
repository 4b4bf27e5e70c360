package org.igcnet.onnx;

import java.util.List;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;

/** Linear operations, one after the other, that are computed as one. */
sealed interface Part {
  /** What it stands for, at least one operation. */
  List<Operation> operations();

  /** {@link ConvolutionCost Time} for an image, its maps lying as it wants them. */
  double cost();

  /** How it wants its maps. */
  Layout layout();

  /** {@link ConvolutionCost Time} to bring a map of an image from here to a part that reads it. */
  default double costTo(Part reader) {
    return layout() == reader.layout()
        ? 0
        : ConvolutionCost.ofLayingOut(output().channels()) * output().pixels();
  }

  /** How a runtime's kernels want the channels of a map. */
  enum Layout {
    /** A plane for each channel. */
    PLANES,
    /** Whole vectors of channels side by side at each position. */
    VECTORS
  }

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
   * @param computed in which partitions; some may be made one with zeros
   */
  record Product(List<Operation> operations, GroupConvolution computed) implements Part {
    public Product {
      operations = List.copyOf(operations);
    }

    @Override
    public double cost() {
      return ConvolutionCost.of(computed) * output().pixels();
    }

    @Override
    public Layout layout() {
      return ConvolutionCost.layout(computed);
    }
  }

  /**
   * Permutations.
   *
   * @param permutations each reads the one before it
   */
  record Permutation(List<Interleave> permutations) implements Part {
    public Permutation {
      permutations = List.copyOf(permutations);
    }

    @Override
    public List<Operation> operations() {
      return List.copyOf(permutations);
    }

    /** Where a channel comes from. */
    int source(int channel) {
      return Interleave.source(permutations, channel);
    }

    @Override
    public double cost() {
      return ConvolutionCost.ofMoving(output().channels()) * output().pixels();
    }

    @Override
    public Layout layout() {
      return Layout.PLANES;
    }
  }
}
