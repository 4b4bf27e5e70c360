package org.igcnet.backend;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;

/** What a training has learned so far: weights, running averages and velocities. */
public final class State {
  private final Weights weights;
  private final float[] velocity;

  private State(Weights weights) {
    this.weights = weights;
    this.velocity = new float[weights.values().length];
  }

  /**
   * {@return the state in which all values are 0}
   *
   * @param architecture the network
   */
  public static State of(Architecture architecture) {
    return new State(Weights.of(architecture));
  }

  /**
   * {@return a state of given weights, which are not copied, with velocities of 0}
   *
   * @param weights all tensors, running averages included
   */
  public static State of(Weights weights) {
    return new State(weights);
  }

  /** {@return all tensors, running averages included} */
  public Weights weights() {
    return weights;
  }

  /** {@return v of the optimiser, laid out as the weights; not a copy} */
  public float[] velocity() {
    return velocity;
  }

  /** {@return the tensors that have a velocity} */
  public List<Parameter> learned() {
    return weights.parameters().stream().filter(p -> p.role().learned()).toList();
  }

  /**
   * Takes all values of another state of the same network.
   *
   * @param other which stays as it is
   */
  public void copy(State other) {
    float[] values = other.weights.values();
    System.arraycopy(values, 0, weights.values(), 0, values.length);
    System.arraycopy(other.velocity, 0, velocity, 0, velocity.length);
  }
}
