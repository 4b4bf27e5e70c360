package org.igcnet.data;

import org.igcnet.arch.ImageShape;

/**
 * A part of a picture, in whole pixels.
 *
 * @param left first column
 * @param top first row
 * @param width number of columns, at least 1
 * @param height number of rows, at least 1
 */
record Window(int left, int top, int width, int height) {
  private static final int TRIES = 10;
  private static final double LEAST_AREA = 0.08;
  private static final double NARROWEST = 3.0 / 4;

  /**
   * The middle with the proportions of {@code shape}.
   *
   * @param share of the largest such part, in each direction. Where a picture's short side is
   *     resized to 256 and the middle 224 cut out, it is 224/256
   */
  static Window middle(int width, int height, ImageShape shape, double share) {
    long wide =
        Math.round(share * Math.min(width, (double) height * shape.width() / shape.height()));
    long high =
        Math.round(share * Math.min(height, (double) width * shape.height() / shape.width()));
    return middle(width, height, Math.clamp(wide, 1, width), Math.clamp(high, 1, height));
  }

  private static Window middle(int width, int height, int wide, int high) {
    return new Window((width - wide) / 2, (height - high) / 2, wide, high);
  }

  /**
   * Anywhere, of 8% to 100% of the area and proportions of 3:4 to 4:3, both even (the latter on a
   * logarithmic scale): what Inception and ResNets are trained on. Where ten tries do not fit into
   * the picture, its middle as near to these proportions as it can be.
   */
  static Window anywhere(int width, int height, SplitMix random) {
    double logarithm = StrictMath.log(NARROWEST);
    for (int i = 0; i < TRIES; i++) {
      double area = (double) width * height * random.between(LEAST_AREA, 1);
      double proportion = StrictMath.exp(random.between(logarithm, -logarithm));
      long wide = Math.round(Math.sqrt(area * proportion));
      long high = Math.round(Math.sqrt(area / proportion));
      if (wide >= 1 && wide <= width && high >= 1 && high <= height) {
        return new Window(
            random.below((int) (width - wide) + 1),
            random.below((int) (height - high) + 1),
            (int) wide,
            (int) high);
      }
    }
    int wide = Math.clamp(Math.round(height / NARROWEST), 1, width);
    int high = Math.clamp(Math.round(width / NARROWEST), 1, height);
    return middle(width, height, wide, high);
  }
}
