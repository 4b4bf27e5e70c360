package org.igcnet.cpu.train;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Weights;

/**
 * A network that gives gradients. It holds all memory that a step needs, so that a step allocates
 * nothing that grows with the batch.
 *
 * <p>The results are the same bits for any number of threads.
 */
public interface Trainable extends AutoCloseable {
  /** What it computes. */
  Architecture architecture();

  /**
   * Read by {@link #forward} and {@link #backward}; running averages change by {@link
   * #moveAverages}.
   */
  Weights weights();

  /**
   * Those of the last {@link #backward}, laid out as the weights; not a copy. In the place of a
   * running average stands the sum of what the groups of the last {@link #forward} observed.
   */
  float[] gradients();

  /**
   * Runs the network on a batch to learn from it: batch normalisation takes the batch's own
   * statistics, whose sums over the groups go into {@link #gradients()}.
   *
   * @return the logits, {@code [image][class]}, for the images of the batch; valid until the next
   *     call
   */
  float[] forward(ImageBatch batch);

  /**
   * Fills {@link #gradients()} with the gradients of the last pass, which was {@link #forward}.
   *
   * @param logitGradients the loss's gradient for each logit, {@code [image][class]}; what lies
   *     beyond the batch's images is not read
   */
  void backward(float[] logitGradients);

  /** Runs the network forward, batch normalisation with its running averages. */
  float[] logits(ImageBatch batch);

  /**
   * Moves the running averages towards the mean of what groups observed.
   *
   * @param kept what an average keeps of itself, from 0 to 1; of the mean it takes the rest
   * @param groups how many are in the sums
   */
  default void moveAverages(float kept, int groups) {
    float[] values = weights().values();
    float[] sums = gradients();
    for (Parameter parameter : weights().parameters()) {
      if (parameter.role().isAverage()) {
        int from = weights().offset(parameter.name());
        for (int i = from; i < from + parameter.size(); i++) {
          double observed = (double) sums[i] / groups;
          values[i] = (float) (kept * values[i] + (1.0 - kept) * observed);
        }
      }
    }
  }

  /** What every pass has taken since the network was made, in the order in which they run. */
  List<PassTime> passTimes();

  /** Stops the threads. */
  @Override
  void close();
}
