package org.igcnet.cpu.memory;

import org.igcnet.backend.Weights;

/** Weights and their gradients, which passes read and write. */
public final class Parameters {
  private final Weights weights;
  private final float[] gradients;

  public Parameters(Weights weights) {
    this.weights = weights;
    this.gradients = new float[weights.values().length];
  }

  public Weights weights() {
    return weights;
  }

  /** Where a tensor begins in {@link #values()} and in {@link #gradients()}. */
  public int offset(String name) {
    return weights.offset(name);
  }

  /** The values themselves, not a copy. */
  public float[] values() {
    return weights.values();
  }

  /**
   * The gradients of the last backward pass; in the place of a running average stands the sum of
   * what groups observed.
   */
  public float[] gradients() {
    return gradients;
  }
}
