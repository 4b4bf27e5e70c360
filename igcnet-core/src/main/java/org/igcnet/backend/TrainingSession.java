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
   * statistics, and its running averages move towards them. Where others learn from the same batch,
   * sums are exchanged before the step, so that it is one of the whole batch.
   *
   * @param batch images of the network's shape, no more than the session is for; without images
   *     where nothing is left of this trainer's share
   * @param learningRate η
   * @param kept what a running average keeps of itself, from 0 to 1; of the batch's statistics it
   *     takes the rest
   * @return how well the images of the whole batch were known before the step; where it has none,
   *     nothing is learned
   */
  Score step(ImageBatch batch, double learningRate, float kept);

  /**
   * Takes the running averages anew, batch by batch, and learns nothing: they become the mean of
   * the statistics of the batches before and of this one, by their images.
   *
   * @param batch as in {@link #step}
   * @param before the images of the batches before, 0 to forget what the averages were
   * @return those and the images of the whole batch
   */
  int observe(ImageBatch batch, int before);

  /**
   * {@return the state as it is now} What becomes of it in the next step is not said: an engine may
   * lend its own memory.
   */
  State state();

  /**
   * Goes on from another state of the same network, of which it keeps nothing.
   *
   * @param state where to go on from
   */
  void restore(State state);
}
