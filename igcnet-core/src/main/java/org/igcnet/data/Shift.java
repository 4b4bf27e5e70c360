package org.igcnet.data;

import java.util.Arrays;
import org.igcnet.arch.ImageShape;

/**
 * An image of the same size that is cut from another one and its surroundings, which are zero: the
 * data's mean in a normalised image.
 *
 * @param down rows by which the cut lies further down
 * @param right columns by which it lies further to the right
 * @param mirror whether it is turned round then, left to right
 */
public record Shift(int down, int right, boolean mirror) {
  /**
   * Cuts one image.
   *
   * @param from images, channels × rows × columns each
   * @param at where the image begins in them
   * @param shape of the image
   * @param to gets the cut, as large as the image
   */
  public void apply(float[] from, int at, ImageShape shape, float[] to) {
    Arrays.fill(to, 0, shape.size(), 0);
    int width = shape.width();
    int first = Math.max(0, -right);
    int end = Math.min(width, width - right);
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int row = 0; row < shape.height(); row++) {
        int source = row + down;
        if (source < 0 || source >= shape.height()) {
          continue;
        }
        int fromRow = at + (channel * shape.height() + source) * width;
        int toRow = (channel * shape.height() + row) * width;
        for (int column = first; column < end; column++) {
          int target = mirror ? width - 1 - column : column;
          to[toRow + target] = from[fromRow + column + right];
        }
      }
    }
  }
}
