package org.igcnet.cpu.train;

import java.util.List;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;

/** Changes a state by gradients, as an {@link Optimiser} says. */
final class Sgd {
  private final State state;
  private final float[] gradients;
  private final Optimiser optimiser;
  private final List<Stretch> stretches;

  /**
   * Values that are learned alike.
   *
   * @param rate what η is multiplied by
   * @param decay λ
   */
  private record Stretch(int from, int to, double rate, float decay) {}

  /**
   * @param gradients laid out as the weights
   */
  Sgd(Setup setup, State state, float[] gradients) {
    this.state = state;
    this.gradients = gradients;
    this.optimiser = setup.optimiser();
    this.stretches =
        state.weights().parameters().stream().filter(setup::learns).map(this::stretch).toList();
  }

  private Stretch stretch(Parameter parameter) {
    int from = state.weights().offset(parameter.name());
    return new Stretch(
        from,
        from + parameter.size(),
        parameter.role().ofNorm() ? optimiser.normRate() : 1,
        parameter.role().decayed() ? (float) optimiser.weightDecay() : 0);
  }

  /**
   * Changes the weights by their gradients.
   *
   * @param learningRate η
   */
  void step(double learningRate) {
    if (optimiser.gradientLimit() > 0) {
      shorten((float) optimiser.scale(norm()));
    }
    for (Stretch stretch : stretches) {
      step(stretch, (float) (learningRate * stretch.rate));
    }
  }

  /** Of the gradients of all that is learned, summed in the order of the weights. */
  private double norm() {
    double sum = 0;
    for (Stretch stretch : stretches) {
      for (int i = stretch.from; i < stretch.to; i++) {
        sum += (double) gradients[i] * gradients[i];
      }
    }
    return Math.sqrt(sum);
  }

  private void shorten(float scale) {
    if (scale < 1) {
      for (Stretch stretch : stretches) {
        for (int i = stretch.from; i < stretch.to; i++) {
          gradients[i] *= scale;
        }
      }
    }
  }

  /** One plain loop, which the JIT turns into vectors. */
  private void step(Stretch stretch, float rate) {
    float[] w = state.weights().values();
    float[] g = gradients;
    float[] v = state.velocity();
    float mu = (float) optimiser.momentum();
    float decay = stretch.decay;
    for (int i = stretch.from; i < stretch.to; i++) {
      float gradient = g[i] + decay * w[i];
      float speed = mu * v[i] + gradient;
      v[i] = speed;
      w[i] -= rate * (gradient + mu * speed);
    }
  }
}
