package org.igcnet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Operation.Relu;
import org.igcnet.arch.Parameter;

/**
 * A network's operations with the linear ones folded, without their weights.
 *
 * @param steps each after those whose maps it reads
 */
record FastPlan(List<Step> steps) {
  FastPlan {
    steps = List.copyOf(steps);
  }

  /** What stands between two maps that are written. */
  sealed interface Step {}

  /**
   * A linear map as few parts.
   *
   * @param input the name of the map that they read
   * @param parts at least one
   * @param norm the normalisation that goes into the last convolution
   * @param rectified whether a ReLU follows
   * @param output the name of the map that they write
   */
  record Folded(
      String input, List<Part> parts, Optional<BatchNorm> norm, boolean rectified, String output)
      implements Step {
    Folded {
      parts = List.copyOf(parts);
    }

    private Folded rectified(String activation) {
      return new Folded(input, parts, norm, true, activation);
    }
  }

  /** An operation that stays as it is. */
  record Kept(Operation operation) implements Step {}

  static FastPlan of(Graph network) {
    Folding folding = new Folding(network.lastReaders());
    network.forEach(folding::add);
    return new FastPlan(folding.steps);
  }

  /** The number of weights, zeros included. */
  long weights(Architecture architecture) {
    long head = architecture.head().parameters().stream().mapToLong(Parameter::size).sum();
    return head
        + steps.stream()
            .filter(Folded.class::isInstance)
            .flatMap(step -> ((Folded) step).parts().stream())
            .filter(Part.Product.class::isInstance)
            .map(part -> ((Part.Product) part).computed())
            .mapToLong(wide -> ConvolutionCost.weights(wide) + wide.outputChannels())
            .sum();
  }

  /** Puts operations together, one after the other. */
  private static final class Folding {
    private final List<Step> steps = new ArrayList<>();

    /** Linear ones, of which each reads the one before it. */
    private final List<Operation> run = new ArrayList<>();

    /** The operations that read a map last, by the map's name. */
    private final Map<String, Operation> readers;

    Folding(Map<String, Operation> readers) {
      this.readers = readers;
    }

    void add(Operation operation) {
      if (!run.isEmpty() && !operation.inputs().contains(run.getLast().name())) {
        fold(Optional.empty());
      }
      switch (operation) {
        case Convolution _, Interleave _, BranchSum _ -> run.add(operation);
        case BatchNorm norm when !run.isEmpty() -> fold(Optional.of(norm));
        case BatchNorm norm ->
            throw new IllegalArgumentException(norm + " stands behind no linear map");
        default -> {
          fold(Optional.empty());
          keep(operation);
        }
      }
    }

    /** A ReLU belongs to the map before it, where nothing else reads that. */
    private void keep(Operation operation) {
      if (operation instanceof Relu relu
          && steps.getLast() instanceof Folded map
          && relu.equals(readers.get(map.output()))) {
        steps.set(steps.size() - 1, map.rectified(relu.name()));
      } else {
        steps.add(new Kept(operation));
      }
    }

    private void fold(Optional<BatchNorm> norm) {
      if (!run.isEmpty()) {
        String output = norm.map(BatchNorm::name).orElse(run.getLast().name());
        String input = run.getFirst().inputs().getFirst();
        steps.add(new Folded(input, FastestParts.of(run), norm, false, output));
        run.clear();
      }
    }
  }
}
