package org.igcnet.train;

import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;

/**
 * A running average of all weights of a training, batch normalisation's running averages among
 * them: a ← d·a + (1 − d)·w after each step.
 */
final class WeightAverage {
  private final Weights weights;
  private final double decay;

  /**
   * Begins with the weights that there are.
   *
   * @param first are copied
   * @param decay d; less in the first steps
   */
  WeightAverage(Weights first, double decay) {
    this.weights = first.copy();
    this.decay = decay;
  }

  /** The average itself, not a copy. */
  Weights weights() {
    return weights;
  }

  /** Begins anew with these weights. */
  void restart(Weights first) {
    float[] values = first.values();
    System.arraycopy(values, 0, weights.values(), 0, values.length);
  }

  /**
   * Moves towards the weights as they are after a step.
   *
   * @param step its number, from 0
   */
  void follow(Weights learned, long step) {
    float taken = (float) (1 - Warming.kept(decay, step));
    float[] average = weights.values();
    float[] values = learned.values();
    for (int i = 0; i < average.length; i++) {
      average[i] += taken * (values[i] - average[i]);
    }
  }

  /** Takes batch normalisation's running averages from elsewhere, as they are there. */
  void takeNorms(Weights other) {
    for (Parameter parameter : weights.parameters()) {
      if (parameter.role().isAverage()) {
        int from = weights.offset(parameter.name());
        System.arraycopy(other.values(), from, weights.values(), from, parameter.size());
      }
    }
  }
}
