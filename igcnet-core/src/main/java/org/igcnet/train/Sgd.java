package org.igcnet.train;

import java.util.List;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;

/**
 * Stochastic gradient descent with Nesterov's momentum and weight decay, as PyTorch has it:
 *
 * <pre>
 *   g ← g + λw        v ← μv + g        w ← w − η(g + μv)
 * </pre>
 */
public final class Sgd {
  private final Weights weights;
  private final float momentum;
  private final float weightDecay;
  private final float[] velocity;

  /** With all velocities 0. */
  public Sgd(Weights weights, Recipe recipe) {
    this.weights = weights;
    this.momentum = (float) recipe.momentum();
    this.weightDecay = (float) recipe.weightDecay();
    this.velocity = new float[weights.values().length];
  }

  /** v, laid out as the weights; not a copy. */
  float[] velocity() {
    return velocity;
  }

  /** The tensors that it changes. */
  List<Parameter> learned() {
    return weights.parameters().stream().filter(p -> p.role().learned()).toList();
  }

  /**
   * Changes the weights by their gradients.
   *
   * @param learningRate η
   */
  public void step(double learningRate) {
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
    float[] w = weights.values();
    float[] g = weights.gradients();
    float[] v = velocity;
    float mu = momentum;
    for (int i = from; i < to; i++) {
      float gradient = g[i] + decay * w[i];
      float speed = mu * v[i] + gradient;
      v[i] = speed;
      w[i] -= rate * (gradient + mu * speed);
    }
  }
}
