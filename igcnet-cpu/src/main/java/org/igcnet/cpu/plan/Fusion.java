package org.igcnet.cpu.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation;
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
import org.igcnet.cpu.plan.Fused.Classifier;
import org.igcnet.cpu.plan.Fused.Excite;
import org.igcnet.cpu.plan.Fused.Factor;
import org.igcnet.cpu.plan.Fused.Pool;
import org.igcnet.cpu.plan.Fused.Unit;

/**
 * A network's {@link Graph} with its operations put together to what runs as one. Both layouts read
 * it: that of training and that of inference.
 *
 * @param image the shape of an image
 * @param steps each after those whose maps it reads; the last writes the logits
 */
public record Fusion(ImageShape image, List<Fused> steps) {
  public Fusion {
    steps = List.copyOf(steps);
  }

  public static Fusion of(Architecture architecture) {
    Fusing fusing = new Fusing();
    Graph.of(architecture).forEach(fusing::add);
    return new Fusion(architecture.input(), fusing.steps);
  }

  /** All units, in order. */
  public List<Unit> units() {
    return steps.stream().filter(Unit.class::isInstance).map(Unit.class::cast).toList();
  }

  /** What the passes of training compute, but for pools, sums and the final layer. */
  List<Link> links() {
    return units().stream().flatMap(unit -> Link.of(unit).stream()).toList();
  }

  /** The final layer. */
  public Classifier classifier() {
    return (Classifier) steps.getLast();
  }

  /** How many steps read a map, by its name. */
  public Map<String, Integer> readers() {
    Map<String, Integer> readers = new HashMap<>();
    steps.forEach(step -> step.reads().forEach(map -> readers.merge(map, 1, Integer::sum)));
    return readers;
  }

  /** Puts operations together, one after the other. */
  private static final class Fusing {
    private final List<Fused> steps = new ArrayList<>();

    /** Those of a linear map whose normalisation has not come yet. */
    private final List<Operation> map = new ArrayList<>();

    /** Those on the means of a map: its pool, and what reads one another from there. */
    private final List<Operation> means = new ArrayList<>();

    void add(Operation operation) {
      if (!means.isEmpty() && operation.inputs().contains(means.getLast().name())) {
        addToMeans(operation);
      } else {
        addToMaps(operation);
      }
    }

    private void addToMeans(Operation operation) {
      switch (operation) {
        case Convolution _, Relu _, Sigmoid _ -> means.add(operation);
        case Scale scale -> {
          steps.add(new Excite(pool(), convolution(0), convolution(1), scale));
          means.clear();
        }
        case Linear linear -> {
          steps.add(new Classifier(pool(), linear));
          means.clear();
        }
        case Interleave _, BranchSum _, BatchNorm _, Add _, MaxPool _, AveragePool _ ->
            throw new IllegalArgumentException(operation + " cannot read means");
      }
    }

    private AveragePool pool() {
      return (AveragePool) means.getFirst();
    }

    /** A linear map of the means. */
    private Convolution convolution(int index) {
      return means.stream()
          .filter(Convolution.class::isInstance)
          .map(Convolution.class::cast)
          .toList()
          .get(index);
    }

    private void addToMaps(Operation operation) {
      switch (operation) {
        case Convolution _, Interleave _, BranchSum _ -> map.add(operation);
        case Relu relu when map.isEmpty() ->
            steps.add(takeUnit(relu.input()).rectified(relu.name()));
        case Relu _ -> map.add(operation);
        case BatchNorm norm -> {
          steps.add(unit(norm));
          map.clear();
        }
        // The trunk then runs after what is added to it.
        case Add(String sum, List<String> inputs, _) ->
            steps.add(takeUnit(inputs.getFirst()).plus(inputs.getLast(), sum));
        case MaxPool pool -> steps.add(new Pool(pool));
        case AveragePool pool -> means.add(pool);
        case Linear _, Sigmoid _, Scale _ ->
            throw new IllegalArgumentException(operation + " reads no means");
      }
    }

    /** Takes out the unit that writes a map. */
    private Unit takeUnit(String output) {
      for (Fused step : steps) {
        if (step instanceof Unit unit && unit.output().equals(output)) {
          steps.remove(unit);
          return unit;
        }
      }
      throw new IllegalArgumentException("no unit writes " + output);
    }

    private Unit unit(BatchNorm norm) {
      String input = map.getFirst().inputs().getFirst();
      return new Unit(input, factors(), norm, Optional.empty(), false, norm.name());
    }

    private List<Factor> factors() {
      List<Factor> factors = new ArrayList<>();
      ChannelOrder reads = ChannelOrder.identity(channels());
      ChannelOrder writes = reads;
      boolean rectified = false;
      for (Operation operation : map) {
        switch (operation) {
          case Interleave interleave -> {
            reads = reads.readThrough(interleave);
            writes = writes.writtenThrough(interleave);
          }
          case Relu _ -> rectified = true;
          case Convolution convolution -> {
            writes = ChannelOrder.identity(convolution.output().channels());
            factors.add(new Factor(convolution, 1, rectified, reads, writes));
            reads = writes;
            rectified = false;
          }
          case BranchSum sum -> {
            writes = ChannelOrder.identity(sum.output().channels());
            factors.add(factors.removeLast().sum(sum.branches(), writes));
            reads = writes;
          }
          default -> throw new IllegalArgumentException(operation + " is no linear map's");
        }
      }
      factors.add(factors.removeLast().writing(writes));
      return factors;
    }

    /** The channels that the linear map reads. */
    private int channels() {
      for (Operation operation : map) {
        if (operation instanceof Convolution convolution) {
          return convolution.from().channels();
        }
      }
      throw new IllegalArgumentException("a linear map has a convolution: " + map);
    }
  }
}
