package org.igcnet.cpu.train;

import org.igcnet.arch.Parameter;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;

/** Changes a state by gradients, as an {@link Optimiser} says. */
final class Sgd {
  private final State state;
  private final float[] gradients;
  private final float momentum;
  private final float weightDecay;

  /**
   * @param gradients laid out as the weights
   */
  Sgd(State state, float[] gradients, Optimiser optimiser) {
    this.state = state;
    this.gradients = gradients;
    this.momentum = (float) optimiser.momentum();
    this.weightDecay = (float) optimiser.weightDecay();
  }

  /**
   * Changes the weights by their gradients.
   *
   * @param learningRate η
   */
  void step(double learningRate) {
    Weights weights = state.weights();
    for (Parameter parameter : weights.parameters()) {
      if (parameter.role().learned()) {
        int from = weights.offset(parameter.name());
        float decay = parameter.role().decayed() ? weightDecay : 0;
        step(from, from + parameter.size(), (float) learningRate, decay);
      }
    }
  }

  /** One plain loop, which the JIT turns into vectors. */
  private void step(int from, int to, float rate, float decay) {
    float[] w = state.weights().values();
    float[] g = gradients;
    float[] v = state.velocity();
    float mu = momentum;
    for (int i = from; i < to; i++) {
      float gradient = g[i] + decay * w[i];
      float speed = mu * v[i] + gradient;
      v[i] = speed;
      w[i] -= rate * (gradient + mu * speed);
    }
  }
}
