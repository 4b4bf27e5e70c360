package org.igcnet.engine;

import org.igcnet.arch.Architecture;
import org.igcnet.engine.Network.Mode;

/**
 * An {@link Architecture} with all that is needed to run it forward and backward: {@link Network},
 * or what an {@link EngineProvider} of another library makes of it.
 */
public interface Engine extends Predictor {
  /** Read by every forward pass; running averages are written by those in training. */
  Weights weights();

  /**
   * Runs the network on a batch.
   *
   * @return the logits, {@code [image][class]}, for the images of the batch; valid until the next
   *     call
   */
  float[] forward(Batch batch, Mode mode);

  /**
   * Fills {@link Weights#gradients()} with the gradients of the last forward pass, which was one in
   * {@link Mode#TRAINING}.
   *
   * @param logitGradients the loss's gradient for each logit, {@code [image][class]}; what lies
   *     beyond the batch's images is not read
   */
  void backward(float[] logitGradients);

  @Override
  default float[] logits(Batch batch) {
    return forward(batch, Mode.INFERENCE);
  }
}
