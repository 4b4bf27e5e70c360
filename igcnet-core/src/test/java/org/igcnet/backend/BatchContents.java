package org.igcnet.backend;

import java.util.Arrays;

/** One image of a {@link ImageBatch}. */
public final class BatchContents {
  private BatchContents() {}

  /** The values of one image, channels × rows × columns. */
  public static float[] image(ImageBatch batch, int image) {
    int start = batch.start(image);
    return Arrays.copyOfRange(batch.pixels(), start, start + batch.shape().size());
  }
}
