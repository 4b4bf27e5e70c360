package org.igcnet.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;

/** What libtorch computes at once: operations of a network, each of which reads the one before. */
sealed interface TorchStep {
  /** At least one. */
  List<Operation> operations();

  /** The maps that it reads. */
  default List<String> inputs() {
    return operations().getFirst().inputs();
  }

  /** The map that it writes. */
  default String output() {
    return operations().getLast().name();
  }

  /** An operation as it is. */
  record Single(Operation operation) implements TorchStep {
    @Override
    public List<Operation> operations() {
      return List.of(operation);
    }
  }

  /**
   * A group convolution in fewer partitions, filled up with zeros. Where it stands between
   * permutations they are in it, and it has one partition.
   *
   * @param before permutations
   * @param narrow the group convolution as it is
   * @param after permutations
   */
  record Wide(List<Interleave> before, Convolution narrow, List<Interleave> after)
      implements TorchStep {
    /** Output channels that a partition has to have for a fast kernel. */
    private static final int VECTOR = 16;

    public Wide {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }

    @Override
    public List<Operation> operations() {
      return Stream.of(before, List.of(narrow), after).<Operation>flatMap(List::stream).toList();
    }

    /** How it is computed. */
    GroupConvolution shape() {
      GroupConvolution own = narrow.convolution();
      return own.inGroups(own.groups() / joined(own));
    }

    /** Whether it is computed otherwise than it stands. */
    boolean changes() {
      return !before.isEmpty() || !after.isEmpty() || !shape().equals(narrow.convolution());
    }

    private int joined(GroupConvolution own) {
      boolean permuted =
          Stream.concat(before.stream(), after.stream()).anyMatch(p -> !p.identity());
      return IntStream.range(1, permuted ? 1 : own.groups())
          .filter(joined -> own.groups() % joined == 0)
          .filter(joined -> joined * own.groupOutputs() >= VECTOR)
          .findFirst()
          .orElse(own.groups());
    }

    /** Where each of the tensor's values lies among the weights of {@link #shape}. */
    long[] positions() {
      GroupConvolution own = narrow.convolution();
      int columns = shape().groupInputs();
      int area = own.kernel().area();
      int[] rows = rows(own.outputChannels());
      long[] positions = new long[own.weights()];
      int at = 0;
      for (int output = 0; output < own.outputChannels(); output++) {
        int first = output / own.groupOutputs() * own.groupInputs();
        for (int input = first; input < first + own.groupInputs(); input++) {
          long column = Interleave.source(before, input) % columns;
          for (int k = 0; k < area; k++) {
            positions[at++] = ((long) rows[output] * columns + column) * area + k;
          }
        }
      }
      return positions;
    }

    /** Where each output of the convolution goes. */
    private int[] rows(int channels) {
      int[] rows = new int[channels];
      for (int channel = 0; channel < channels; channel++) {
        rows[Interleave.source(after, channel)] = channel;
      }
      return rows;
    }
  }

  /** Each operation as it is. */
  static List<TorchStep> plain(Graph graph) {
    return graph.operations().stream().<TorchStep>map(Single::new).toList();
  }

  /**
   * Partitions of fewer than 16 output channels joined, and each pointwise group convolution with
   * the permutations round it as one convolution without partitions.
   */
  static List<TorchStep> wide(Graph graph) {
    Widening widening = new Widening();
    graph.forEach(widening::add);
    widening.end();
    return widening.steps;
  }

  /** Puts operations together, one after the other. */
  final class Widening {
    private final List<TorchStep> steps = new ArrayList<>();
    private final List<Interleave> before = new ArrayList<>();
    private Optional<Convolution> pointwise = Optional.empty();
    private final List<Interleave> after = new ArrayList<>();

    private Widening() {}

    private void add(Operation operation) {
      switch (operation) {
        case Interleave own when pointwise.isPresent() -> after.add(own);
        case Interleave own -> before.add(own);
        case Convolution own when own.convolution().pointwise() -> {
          if (pointwise.isPresent()) {
            end();
          }
          pointwise = Optional.of(own);
        }
        case Convolution own -> {
          end();
          steps.add(step(new Wide(List.of(), own, List.of())));
        }
        default -> {
          end();
          steps.add(new Single(operation));
        }
      }
    }

    /** What is collected becomes a step. */
    private void end() {
      pointwise.ifPresentOrElse(
          own -> steps.add(step(new Wide(before, own, after))),
          () -> before.forEach(own -> steps.add(new Single(own))));
      before.clear();
      pointwise = Optional.empty();
      after.clear();
    }

    private static TorchStep step(Wide wide) {
      return wide.changes() ? wide : new Single(wide.narrow);
    }
  }
}
