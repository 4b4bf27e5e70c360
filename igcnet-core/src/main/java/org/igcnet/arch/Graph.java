package org.igcnet.arch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.Operation.Add;
import org.igcnet.arch.Operation.AveragePool;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.arch.Operation.Relu;
import org.igcnet.arch.Operation.Scale;
import org.igcnet.arch.Operation.Sigmoid;

/**
 * A network as a list of operations, in an order in which they can run. The first reads {@value
 * #IMAGE}, the last one's outputs are the logits. An {@link Architecture} is lowered to it once;
 * who computes, counts, writes or draws a network reads this.
 *
 * @param operations each after those that it reads
 */
public record Graph(List<Operation> operations) implements Iterable<Operation> {
  /** The name of the network's own input. */
  public static final String IMAGE = "image";

  /** Copies the list. */
  public Graph {
    operations = List.copyOf(operations);
  }

  /**
   * Lowers a network.
   *
   * @param architecture the network
   * @return the operations
   */
  public static Graph of(Architecture architecture) {
    Lowering lowering = new Lowering();
    String last = lowering.rectified(architecture.stem(), IMAGE);
    if (architecture.pool().isPresent()) {
      last = lowering.pool(architecture.pool().get(), last);
    }
    for (Block block : architecture.blocks()) {
      last = lowering.block(block, last);
    }
    lowering.head(architecture.head(), last);
    return new Graph(lowering.operations);
  }

  /**
   * Lowers a linear map alone, which reads {@value #IMAGE}.
   *
   * @param map what stands before a batch normalisation
   * @param input the shape that it reads
   * @return the operations
   */
  public static Graph of(LinearMap map, ImageShape input) {
    Lowering lowering = new Lowering();
    lowering.linear(new ConvUnit("map", map, input), IMAGE);
    return new Graph(lowering.operations);
  }

  /** {@return the operations that read a map last, by the map's name; the logits have none} */
  public Map<String, Operation> lastReaders() {
    Map<String, Operation> last = new HashMap<>();
    for (Operation operation : operations) {
      operation.inputs().forEach(input -> last.put(input, operation));
    }
    return last;
  }

  @Override
  public Iterator<Operation> iterator() {
    return operations.iterator();
  }

  /** Collects operations. Methods that add some return the name of what comes out. */
  private static final class Lowering {
    private final List<Operation> operations = new ArrayList<>();

    private String add(Operation operation) {
      operations.add(operation);
      return operation.name();
    }

    String block(Block block, String input) {
      return switch (block) {
        case Block.Plain(ConvUnit unit) -> rectified(unit, input);
        case Block.Excited(Block inner, Excitation excitation) ->
            excited(excitation, block(inner, input));
        case Block.Residual(ConvUnit first, ConvUnit second, var projection) -> {
          String trunk = unit(second, rectified(first, input));
          String shortcut = projection.map(unit -> unit(unit, input)).orElse(input);
          String sum = second.name() + ".add";
          add(new Add(sum, List.of(trunk, shortcut), second.output()));
          yield relu(second, sum);
        }
      };
    }

    private String excited(Excitation excitation, String map) {
      String name = excitation.name();
      ImageShape means = excitation.means();
      String last = add(new AveragePool(name + ".pool", map, means));
      Convolution squeeze = convolution(name, excitation.squeeze(), last, means);
      last = add(new Relu(name + ".relu", add(squeeze), squeeze.output()));
      last = add(convolution(name, excitation.excite(), last, squeeze.output()));
      String factors = add(new Sigmoid(name + ".sigmoid", last, means));
      return add(new Scale(name + ".scale", map, factors, excitation.input()));
    }

    private static Convolution convolution(
        String unit, LinearMap.Factor factor, String input, ImageShape from) {
      return new Convolution(unit, factor.name(), input, factor.convolution(), from);
    }

    String rectified(ConvUnit unit, String input) {
      return relu(unit, unit(unit, input));
    }

    private String relu(ConvUnit unit, String input) {
      return add(new Relu(unit.name() + ".relu", input, unit.output()));
    }

    /** A linear map and its batch normalisation. */
    private String unit(ConvUnit unit, String input) {
      return add(new BatchNorm(unit.name(), linear(unit, input), unit.output()));
    }

    /** A unit's linear map. */
    String linear(ConvUnit unit, String input) {
      String last = input;
      ImageShape shape = unit.input();
      List<LinearMap.Step> steps = unit.map().steps();
      for (int i = 0; i < steps.size(); i++) {
        Operation operation = lowered(unit, steps.get(i), unit.stepName(i), last, shape);
        last = add(operation);
        shape = operation.output();
      }
      return last;
    }

    private static Operation lowered(
        ConvUnit unit, LinearMap.Step step, String name, String input, ImageShape shape) {
      return switch (step) {
        case LinearMap.Factor(String factor, GroupConvolution convolution) ->
            new Convolution(unit.name(), factor, input, convolution, shape);
        case LinearMap.Interleave(int rows, int columns) ->
            new Interleave(name, input, rows, columns, shape);
        case LinearMap.Rectify() -> new Relu(name, input, shape);
        case LinearMap.BranchSum(int branches) ->
            new BranchSum(name, input, branches, unit.output());
      };
    }

    String pool(StemPool pool, String input) {
      return add(new MaxPool(StemPool.NAME, input, StemPool.KERNEL, StemPool.STRIDE, pool.input()));
    }

    void head(Head head, String input) {
      ImageShape means = new ImageShape(head.features(), 1, 1);
      String pooled = add(new AveragePool("pool", input, means));
      add(new Linear("fc", pooled, head));
    }
  }
}
