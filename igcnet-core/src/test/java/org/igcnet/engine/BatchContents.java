package org.igcnet.engine;

import org.igcnet.engine.kernel.Lanes;

/** Lets tests of other packages look into a {@link Batch}. */
public final class BatchContents {
  private BatchContents() {}

  /** The values of one image, channels × rows × columns. */
  public static float[] image(Batch batch, int image) {
    Tensor pixels = batch.pixels();
    float[] values = new float[batch.shape().size()];
    int from = pixels.index(batch.layout().block(image), 0) + batch.layout().lane(image);
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels.data()[from + i * Lanes.COUNT];
    }
    return values;
  }
}
