package org.igcnet.backend;

import org.igcnet.arch.Architecture;

/** What says what images show. One thread at a time may use it. */
public interface InferenceSession extends AutoCloseable {
  /** {@return the network that it runs} */
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
