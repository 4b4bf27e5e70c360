package org.igcnet.arch;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One step of a stage. */
public sealed interface Block {
  /** {@return the units in the order in which they run} */
  List<ConvUnit> units();

  /** {@return those of the units that are no shortcut's} */
  List<ConvUnit> trunk();

  /** {@return the shape that it writes} */
  ImageShape output();

  /** {@return its tensors, in order} */
  default List<Parameter> parameters() {
    return units().stream().flatMap(unit -> unit.parameters().stream()).toList();
  }

  /**
   * ReLU(unit(x)).
   *
   * @param unit the block's only unit
   */
  record Plain(ConvUnit unit) implements Block {
    @Override
    public List<ConvUnit> units() {
      return trunk();
    }

    @Override
    public List<ConvUnit> trunk() {
      return List.of(unit);
    }

    @Override
    public ImageShape output() {
      return unit.output();
    }
  }

  /**
   * excitation(block(x)).
   *
   * @param block another kind of block
   * @param excitation weighs its channels
   */
  record Excited(Block block, Excitation excitation) implements Block {
    @Override
    public List<ConvUnit> units() {
      return block.units();
    }

    @Override
    public List<ConvUnit> trunk() {
      return block.trunk();
    }

    @Override
    public ImageShape output() {
      return block.output();
    }

    @Override
    public List<Parameter> parameters() {
      return Stream.concat(block.parameters().stream(), excitation.parameters().stream()).toList();
    }
  }

  /**
   * With an identity mapping: ReLU(second(ReLU(first(x))) + x), or projection(x) in place of x
   * where the shape changes.
   *
   * @param first which reads the block's input
   * @param second which reads what the first writes
   * @param projection the shortcut's unit, where the shape changes
   */
  record Residual(ConvUnit first, ConvUnit second, Optional<ConvUnit> projection) implements Block {
    /**
     * Looks whether the shortcut has the shape of what it is added to.
     *
     * @throws IllegalArgumentException where it has another
     */
    public Residual {
      ImageShape shortcut = projection.map(ConvUnit::output).orElse(first.input());
      if (!shortcut.equals(second.output())) {
        throw new IllegalArgumentException(
            "a shortcut of %s cannot be added to %s".formatted(shortcut, second.output()));
      }
    }

    @Override
    public List<ConvUnit> units() {
      return Stream.concat(trunk().stream(), projection.stream()).toList();
    }

    @Override
    public List<ConvUnit> trunk() {
      return List.of(first, second);
    }

    @Override
    public ImageShape output() {
      return second.output();
    }
  }
}
