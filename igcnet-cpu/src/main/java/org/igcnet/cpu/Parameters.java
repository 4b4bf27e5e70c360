package org.igcnet.cpu;

import org.igcnet.backend.Weights;

/** Weights and their gradients, which passes read and write. */
final class Parameters {
  private final Weights weights;
  private final float[] gradients;

  Parameters(Weights weights) {
    this.weights = weights;
    this.gradients = new float[weights.values().length];
  }

  Weights weights() {
    return weights;
  }

  /** Where a tensor begins in {@link #values()} and in {@link #gradients()}. */
  int offset(String name) {
    return weights.offset(name);
  }

  /** The values themselves, not a copy. */
  float[] values() {
    return weights.values();
  }

  /** The gradients of the last backward pass; see {@link Network#gradients}. */
  float[] gradients() {
    return gradients;
  }
}
