package org.igcnet.data;

import java.util.Arrays;
import org.igcnet.arch.ImageShape;

/**
 * A part of an image.
 *
 * @param top the first row
 * @param left the first column
 * @param bottom the row after the last
 * @param right the column after the last
 */
record Box(int top, int left, int bottom, int right) {
  /**
   * What is in the image of a box of so many rows and columns whose middle is anywhere in it, every
   * place equally likely.
   */
  static Box anywhere(int rows, int columns, ImageShape shape, SplitMix random) {
    int top = random.below(shape.height()) - rows / 2;
    int left = random.below(shape.width()) - columns / 2;
    return new Box(
        Math.max(0, top),
        Math.max(0, left),
        Math.min(shape.height(), top + rows),
        Math.min(shape.width(), left + columns));
  }

  boolean contains(int row, int column) {
    return row >= top && row < bottom && column >= left && column < right;
  }

  /** What part of an image it is, from 0 to 1. */
  double share(ImageShape shape) {
    return (double) (bottom - top) * (right - left) / shape.pixels();
  }

  /** Makes it zero in all channels, which is the data's mean in a normalised image. */
  void clear(float[] image, ImageShape shape) {
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int row = top; row < bottom; row++) {
        int from = (channel * shape.height() + row) * shape.width();
        Arrays.fill(image, from + left, from + right, 0);
      }
    }
  }
}
