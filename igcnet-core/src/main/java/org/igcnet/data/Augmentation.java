package org.igcnet.data;

import java.util.function.Predicate;
import org.igcnet.arch.ImageShape;

/** How a training image is varied each time it is seen. */
public enum Augmentation {
  /** Not at all. */
  NONE,
  /**
   * Four pixels of the data's mean are added on every side, a window of the image's own size is cut
   * out anywhere, and half of the images are mirrored left to right.
   */
  CROP_AND_MIRROR,
  /**
   * A part of 8% to 100% of a picture's area, of proportions from 3:4 to 4:3, is cut out anywhere
   * and resized, and half of them are mirrored left to right: the recipe of ResNets on ImageNet.
   * For pictures that are larger than what the network takes, which are varied as they are read.
   */
  SCALE_AND_MIRROR;

  /** Pixels added on each side. */
  static final int PADDING = 4;

  /**
   * Fills {@code to} with a variation of {@code from}, both channels × rows × columns.
   *
   * @param mirror whether to mirror the image, by the next of the random numbers
   */
  void apply(
      float[] from, ImageShape shape, SplitMix random, Predicate<SplitMix> mirror, float[] to) {
    switch (this) {
      case NONE, SCALE_AND_MIRROR -> System.arraycopy(from, 0, to, 0, shape.size());
      case CROP_AND_MIRROR -> {
        int top = random.below(2 * PADDING + 1);
        int left = random.below(2 * PADDING + 1);
        new Shift(top - PADDING, left - PADDING, mirror.test(random)).apply(from, 0, shape, to);
      }
    }
  }
}
