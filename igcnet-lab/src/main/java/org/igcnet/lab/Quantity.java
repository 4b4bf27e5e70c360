package org.igcnet.lab;

import org.igcnet.arch.Architecture;
import org.igcnet.theory.LayerCost;
import org.igcnet.theory.NetworkCost;

/** What can be counted of a network without training it. */
public enum Quantity {
  PARAMETERS("parameters"),
  MULTIPLY_ADDS("multiply-adds an image"),
  /** Of the first block alone: Table 1. */
  BLOCK_PARAMETERS("parameters of a block");

  private static final String FIRST_BLOCK = "stage1.0.";

  private final String words;

  Quantity(String words) {
    this.words = words;
  }

  /** What it is called in a table's heading. */
  public String words() {
    return words;
  }

  /** Counts it, in units of 1. */
  public long of(Architecture architecture) {
    NetworkCost cost = NetworkCost.of(architecture);
    return switch (this) {
      case PARAMETERS -> cost.parameters();
      case MULTIPLY_ADDS -> cost.multiplyAdds();
      case BLOCK_PARAMETERS ->
          cost.layers().stream()
              .filter(layer -> layer.name().startsWith(FIRST_BLOCK))
              .mapToLong(LayerCost::parameters)
              .sum();
    };
  }
}
