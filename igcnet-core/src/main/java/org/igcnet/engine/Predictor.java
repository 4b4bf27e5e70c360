package org.igcnet.engine;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;

/** What says what images show. */
public interface Predictor extends AutoCloseable {
  Architecture architecture();

  /**
   * Runs the network forward, batch normalisation with its running averages.
   *
   * @param batch images of the network's shape
   * @return the logits, {@code [image][class]}, for the images of the batch and perhaps more beyond
   *     them; valid until the next call
   */
  float[] logits(ImageBatch batch);

  /** Gives back threads and memory. */
  @Override
  void close();
}
