package org.igcnet.engine;

import java.util.Arrays;
import org.igcnet.arch.ImageShape;
import org.igcnet.engine.kernel.Lanes;

/**
 * Images and labels in the engine's layout, {@code [block of V images][row][channel][column][V]}.
 *
 * <p>Not thread-safe: fill it, then hand it on. {@link #begin} lets one be used again and again.
 */
public final class Batch {
  private final ImageShape shape;
  private final int normImages;
  private final int[] labels;
  private final Tensor pixels;
  private BatchLayout layout;

  /**
   * @param shape shape of every image
   * @param capacity most images that it can hold
   * @param normImages images that share batch normalisation's statistics; {@code capacity} for all
   */
  public Batch(ImageShape shape, int capacity, int normImages) {
    VectorModule.require();
    this.shape = shape;
    this.normImages = normImages;
    this.layout = new BatchLayout(capacity, normImages);
    this.labels = new int[capacity];
    this.pixels = Tensor.allocate(layout.blocks(), shape);
  }

  /** Bytes of memory that a batch takes; see {@link #Batch}. */
  public static long bytes(ImageShape shape, int capacity, int normImages) {
    return MemoryPlan.floats(
        Tensor.floats(new BatchLayout(capacity, normImages).blocks(), shape) + capacity);
  }

  /** Empties the batch and makes it one of {@code images} images, at most its capacity. */
  public void begin(int images) {
    if (images > labels.length) {
      throw new IllegalArgumentException(
          "a batch for %d images cannot hold %d".formatted(labels.length, images));
    }
    layout = new BatchLayout(images, normImages);
    Arrays.fill(pixels.data(), 0);
  }

  /**
   * Puts one image in its place.
   *
   * @param image its index in the batch
   * @param values channels × rows × columns, normalised
   * @param label its class
   */
  public void put(int image, float[] values, int label) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "an image of %s has %d values, not %d".formatted(shape, shape.size(), values.length));
    }
    labels[image] = label;
    float[] data = pixels.data();
    int from = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int row = 0; row < shape.height(); row++) {
        int to = rowAt(image, channel, row);
        for (int column = 0; column < shape.width(); column++, to += Lanes.COUNT) {
          data[to] = values[from++];
        }
      }
    }
  }

  /**
   * Copies one image out: what {@link #put} has put there.
   *
   * @param image its index in the batch
   * @param to gets channels × rows × columns
   * @param at where they begin
   */
  public void get(int image, float[] to, int at) {
    float[] data = pixels.data();
    int into = at;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int row = 0; row < shape.height(); row++) {
        int from = rowAt(image, channel, row);
        for (int column = 0; column < shape.width(); column++, from += Lanes.COUNT) {
          to[into++] = data[from];
        }
      }
    }
  }

  /** Where the first pixel of an image's row stands. */
  private int rowAt(int image, int channel, int row) {
    return pixels.index(layout.block(image), row, channel) + layout.lane(image);
  }

  public ImageShape shape() {
    return shape;
  }

  /** Number of images in it. */
  public int images() {
    return layout.images();
  }

  /** The class of one image. */
  public int label(int image) {
    return labels[image];
  }

  public BatchLayout layout() {
    return layout;
  }

  Tensor pixels() {
    return pixels;
  }
}
