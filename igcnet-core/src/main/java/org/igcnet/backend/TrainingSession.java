package org.igcnet.backend;

import org.igcnet.loss.CrossEntropy.Score;

/**
 * A network that learns. Weights, gradients and velocities are where the engine wants them; only
 * {@link #state} and {@link #restore} bring them here and back.
 *
 * <p>One thread at a time may use it. It predicts with the weights as they are at the moment.
 */
public interface TrainingSession extends InferenceSession {
  /**
   * Forward, loss, backward, and a step of the optimiser. Batch normalisation takes the batch's own
   * statistics, and its running averages move towards them.
   *
   * @param batch images of the network's shape, no more than the session is for
   * @param learningRate η
   * @param kept what a running average keeps of itself, from 0 to 1; of the batch's statistics it
   *     takes the rest
   * @return how well the images were known before the step
   */
  Score step(ImageBatch batch, double learningRate, float kept);

  /**
   * Moves the running averages towards a batch's statistics and learns nothing.
   *
   * @param kept as in {@link #step}
   */
  void observe(ImageBatch batch, float kept);

  /**
   * The state as it is now. What becomes of it in the next step is not said: an engine may lend its
   * own memory.
   */
  State state();

  /** Goes on from another state of the same network, of which it keeps nothing. */
  void restore(State state);
}
