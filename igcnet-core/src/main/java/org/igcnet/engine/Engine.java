package org.igcnet.engine;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Weights;

/**
 * An {@link Architecture} with all that is needed to run it forward and backward: {@link Network},
 * or what an {@link EngineProvider} of another library makes of it.
 */
public interface Engine extends Predictor {
  /** Read by every forward pass; running averages are written by those of training. */
  Weights weights();

  /**
   * Runs the network on a batch to learn from it: batch normalisation takes the batch's own
   * statistics, and its running averages move towards them.
   *
   * @param kept what a running average keeps of itself, from 0 to 1; of the batch's statistics it
   *     takes the rest
   * @return the logits, {@code [image][class]}, for the images of the batch; valid until the next
   *     call
   */
  float[] forward(ImageBatch batch, float kept);

  /**
   * Fills {@link Weights#gradients()} with the gradients of the last pass, which was {@link
   * #forward}.
   *
   * @param logitGradients the loss's gradient for each logit, {@code [image][class]}; what lies
   *     beyond the batch's images is not read
   */
  void backward(float[] logitGradients);
}
