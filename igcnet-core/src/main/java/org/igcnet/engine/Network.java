package org.igcnet.engine;

import org.igcnet.arch.Architecture;

/**
 * Runs an {@link Architecture} forward and backward. Holds all memory that a step needs, so that a
 * step allocates nothing that grows with the batch.
 *
 * <p>The results are the same bits for any number of threads.
 */
public final class Network implements AutoCloseable {
  /** What batch normalisation normalises with. */
  public enum Mode {
    /** The batch's own statistics; the running averages are moved. */
    TRAINING,
    /** The running averages. */
    INFERENCE
  }

  private final Architecture architecture;
  private final Weights weights;

  private Network(Architecture architecture, Weights weights) {
    this.architecture = architecture;
    this.weights = weights;
  }

  /**
   * Makes a network with all weights zero.
   *
   * @param architecture the network
   * @param capacity most images in a batch
   * @param normImages images that share batch normalisation's statistics
   * @param normMomentum what a running average keeps of itself in one step, 0.9 or 0.99
   * @param threads threads that compute
   */
  public static Network create(
      Architecture architecture, int capacity, int normImages, float normMomentum, int threads) {
    return new Network(architecture, Weights.of(architecture));
  }

  public Architecture architecture() {
    return architecture;
  }

  public Weights weights() {
    return weights;
  }

  /**
   * Runs the network on a batch.
   *
   * @return the logits, {@code [image][class]}, for the images of the batch; valid until the next
   *     call
   */
  public float[] forward(Batch batch, Mode mode) {
    return new float[batch.images() * architecture.classes()];
  }

  /**
   * Fills {@link Weights#gradients()} with the gradients of the last forward pass, which was one in
   * {@link Mode#TRAINING}.
   *
   * @param logitGradients the loss's gradient for each logit, {@code [image][class]}
   */
  public void backward(float[] logitGradients) {}

  /** Stops the threads. */
  @Override
  public void close() {}
}
