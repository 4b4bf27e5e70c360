package org.igcnet.backend;

import java.util.Arrays;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.loss.Target;

/**
 * Images and what they show, {@code [image][channel][row][column]}, in no engine's layout.
 *
 * <p>Not thread-safe: fill it, then hand it on. {@link #begin} lets one be used again and again.
 */
public final class ImageBatch {
  /** What a target and a place take beside an image, of numbers of four bytes. */
  private static final int TARGET_FLOATS = 14;

  private final ImageShape shape;
  private final float[] pixels;
  private final Target[] targets;

  /** Where each image would be if no picture were damaged. */
  private final int[] places;

  private int images;

  /**
   * Of {@code capacity} images that are zero.
   *
   * @param shape shape of every image
   * @param capacity most images that it can hold
   * @throws UserError where no array holds as many
   */
  public ImageBatch(ImageShape shape, int capacity) {
    this.shape = shape;
    this.pixels = new float[length(shape, capacity)];
    this.targets = new Target[capacity];
    Arrays.fill(targets, Target.of(0));
    this.places = new int[capacity];
    Arrays.setAll(places, image -> image);
    this.images = capacity;
  }

  private static int length(ImageShape shape, int capacity) {
    long length = (long) shape.size() * capacity;
    if (length > Integer.MAX_VALUE - 64) {
      throw new UserError(
          "a batch of %,d images of %s would be %,d numbers, more than an array holds (%,d)"
              .formatted(capacity, shape, length, Integer.MAX_VALUE));
    }
    return (int) length;
  }

  /**
   * {@return how many numbers a batch is, targets and places included; see {@link #ImageBatch}}
   *
   * @param shape shape of every image
   * @param capacity most images that it can hold
   */
  public static long floats(ImageShape shape, int capacity) {
    return ((long) shape.size() + TARGET_FLOATS) * capacity;
  }

  /**
   * Empties the batch and makes it one of {@code images} images, at most its capacity.
   *
   * @param images how many it is to hold
   */
  public void begin(int images) {
    if (images > targets.length) {
      throw new IllegalArgumentException(
          "a batch for %d images cannot hold %d".formatted(targets.length, images));
    }
    this.images = images;
  }

  /**
   * Puts one image in, of a batch that lacks none.
   *
   * @param image its index in the batch
   * @param values channels × rows × columns, normalised
   * @param label its class
   */
  public void put(int image, float[] values, int label) {
    put(image, image, values, Target.of(label));
  }

  /**
   * Puts one image in.
   *
   * @param image its index in the batch
   * @param place its index if no picture were damaged; places rise with the images
   * @param values channels × rows × columns, normalised
   * @param target what it shows
   */
  public void put(int image, int place, float[] values, Target target) {
    if (values.length != shape.size()) {
      throw new IllegalArgumentException(
          "an image of %s has %d values, not %d".formatted(shape, shape.size(), values.length));
    }
    System.arraycopy(values, 0, pixels, start(image), values.length);
    targets[image] = target;
    places[image] = place;
  }

  /**
   * Looks whether a network can take it.
   *
   * @param input the shape of the network's images
   * @param most how many images it takes at a time
   */
  public void requireFitting(ImageShape input, int most) {
    if (!shape.equals(input) || images > most) {
      throw new IllegalArgumentException(
          "a network for %d images of %s cannot take %d of %s"
              .formatted(most, input, images, shape));
    }
  }

  /**
   * {@return where an image begins in {@link #pixels()}}
   *
   * @param image its index in the batch
   */
  public int start(int image) {
    return image * shape.size();
  }

  /** {@return the images one after the other, not a copy; what lies beyond them means nothing} */
  public float[] pixels() {
    return pixels;
  }

  /** {@return most images that it can hold} */
  public int capacity() {
    return targets.length;
  }

  /** {@return the shape of every image} */
  public ImageShape shape() {
    return shape;
  }

  /** {@return the number of images in it, perhaps 0} */
  public int images() {
    return images;
  }

  /**
   * {@return where an image would be if no picture were damaged} Which images share norms depends
   * on it, so that a damaged picture moves others up within its group only.
   *
   * @param image its index in the batch
   */
  public int place(int image) {
    return places[image];
  }

  /**
   * {@return the class of one image}
   *
   * @param image its index in the batch
   */
  public int label(int image) {
    return targets[image].label();
  }

  /**
   * {@return what a network is to say of one image}
   *
   * @param image its index in the batch
   */
  public Target target(int image) {
    return targets[image];
  }

  /**
   * Changes what a network is to say of one image.
   *
   * @param image its index in the batch
   * @param target takes the place of what it was
   */
  public void aim(int image, Target target) {
    targets[image] = target;
  }

  /** {@return what a network is to say of each of its images; a copy} */
  public Target[] targets() {
    return Arrays.copyOf(targets, images);
  }
}
