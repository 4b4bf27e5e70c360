package org.igcnet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
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
   * Linear operations as few convolutions.
   *
   * @param input the name of the map that they read
   * @param links at least one
   * @param norm the normalisation that goes into the last one
   * @param output the name of the map that they write
   */
  record Folded(String input, List<Link> links, Optional<BatchNorm> norm, String output)
      implements Step {}

  /** An operation that stays as it is. */
  record Kept(Operation operation) implements Step {}

  static FastPlan of(Graph network) {
    Folding folding = new Folding();
    network.forEach(folding::add);
    return new FastPlan(folding.steps);
  }

  /** The number of weights, zeros included. */
  long weights(Architecture architecture) {
    long head = architecture.head().parameters().stream().mapToLong(Parameter::size).sum();
    return head
        + steps.stream()
            .filter(Folded.class::isInstance)
            .flatMap(step -> ((Folded) step).links().stream())
            .map(Link::widened)
            .mapToLong(wide -> Link.weights(wide) + wide.outputChannels())
            .sum();
  }

  /** Puts operations together, one after the other. */
  private static final class Folding {
    private final List<Step> steps = new ArrayList<>();

    /** Linear ones, of which each reads the one before it. */
    private final List<Operation> run = new ArrayList<>();

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
          steps.add(new Kept(operation));
        }
      }
    }

    private void fold(Optional<BatchNorm> norm) {
      if (!run.isEmpty()) {
        String output = norm.map(BatchNorm::name).orElse(run.getLast().name());
        steps.add(new Folded(run.getFirst().inputs().getFirst(), Link.joined(run), norm, output));
        run.clear();
      }
    }
  }
}
