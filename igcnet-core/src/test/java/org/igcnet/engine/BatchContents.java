package org.igcnet.engine;

/** One image of a {@link Batch}. */
public final class BatchContents {
  private BatchContents() {}

  /** The values of one image, channels × rows × columns. */
  public static float[] image(Batch batch, int image) {
    float[] values = new float[batch.shape().size()];
    batch.get(image, values, 0);
    return values;
  }
}
