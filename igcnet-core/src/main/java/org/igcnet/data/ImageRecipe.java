package org.igcnet.data;

import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;

/**
 * How training images are varied, and what a network is to say of them. Whatever is 0 is off, as
 * all of it but the augmentation is in the paper.
 *
 * <p>Images are cut and mirrored first; then a part is cleared; then neighbours of a batch are
 * blended, within the group that shares norms. A cleared part has the data's mean.
 *
 * @param augmentation how they are cut, and whether any is mirrored
 * @param mirroring which are
 * @param cutout rows and columns of a square that is cleared in every image; its middle is anywhere
 *     in the image, so that some of it may lie outside
 * @param erasing probability with which a rectangle of 2% to 33% of the image is cleared, of
 *     proportions from 3:10 to 10:3 (random erasing)
 * @param mixup α of mixup: an image becomes λ of itself and 1 − λ of its neighbour, where λ is
 *     drawn from the distribution Beta(α, α); at most 1
 * @param cutmix α of CutMix: a rectangle of 1 − λ of the image becomes that of its neighbour; at
 *     most 1. Where mixup is on too, half of the images get the one and half the other
 * @param labelSmoothing part of every probability that is spread over all classes evenly, from 0 to
 *     below 1
 * @param balanced whether an image's loss is weighted so that all classes count the same however
 *     many images they have; the mean weight is 1, and a blended image has the weights of what it
 *     shows
 */
public record ImageRecipe(
    Augmentation augmentation,
    Mirroring mirroring,
    int cutout,
    double erasing,
    double mixup,
    double cutmix,
    double labelSmoothing,
    boolean balanced) {
  private static final int LARGEST_CUTOUT = 4096;
  private static final double LEAST_AREA = 0.02;
  private static final double MOST_AREA = 1.0 / 3;
  private static final double NARROWEST = 0.3;

  /**
   * Looks whether the numbers are in their ranges.
   *
   * @throws UserError where one is not
   */
  public ImageRecipe {
    if (cutout < 0 || cutout > LARGEST_CUTOUT) {
      throw new UserError(
          "the side of cutout is %d pixels; it must be from 0, for none, to %d"
              .formatted(cutout, LARGEST_CUTOUT));
    }
    upToOne("the probability of random erasing", erasing);
    upToOne("α of mixup", mixup);
    upToOne("α of CutMix", cutmix);
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new UserError(
          "label smoothing is %s; it must be at least 0 and below 1, for example 0.1"
              .formatted(labelSmoothing));
    }
  }

  private static void upToOne(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new UserError("%s is %s; it must be from 0, for none, to 1".formatted(what, value));
    }
  }

  /**
   * {@return an augmentation, and nothing else}
   *
   * @param augmentation how images are cut, and whether half of them are mirrored
   */
  public static ImageRecipe of(Augmentation augmentation) {
    return new ImageRecipe(augmentation, Mirroring.RANDOM, 0, 0, 0, 0, 0, false);
  }

  /** {@return whether images are blended with others} */
  public boolean blends() {
    return mixup > 0 || cutmix > 0;
  }

  /** Clears what the recipe says of an image, by numbers of its own. */
  void clear(float[] image, ImageShape shape, SplitMix random) {
    if (cutout > 0) {
      Box.anywhere(cutout, cutout, shape, random).clear(image, shape);
    }
    if (erasing > 0 && random.between(0, 1) < erasing) {
      rectangle(shape, random).clear(image, shape);
    }
  }

  private static Box rectangle(ImageShape shape, SplitMix random) {
    double area = shape.pixels() * random.between(LEAST_AREA, MOST_AREA);
    double logarithm = StrictMath.log(NARROWEST);
    double proportion = StrictMath.exp(random.between(logarithm, -logarithm));
    int rows = Math.clamp(Math.round(Math.sqrt(area * proportion)), 1, shape.height());
    int columns = Math.clamp(Math.round(Math.sqrt(area / proportion)), 1, shape.width());
    int top = random.below(shape.height() - rows + 1);
    int left = random.below(shape.width() - columns + 1);
    return new Box(top, left, top + rows, left + columns);
  }

  /**
   * {@return the same with another augmentation}
   *
   * @param other how images are cut
   */
  public ImageRecipe withAugmentation(Augmentation other) {
    return new ImageRecipe(
        other, mirroring, cutout, erasing, mixup, cutmix, labelSmoothing, balanced);
  }

  /**
   * {@return the same with another mirroring}
   *
   * @param other which images are mirrored
   */
  public ImageRecipe withMirroring(Mirroring other) {
    return new ImageRecipe(
        augmentation, other, cutout, erasing, mixup, cutmix, labelSmoothing, balanced);
  }

  /**
   * {@return the same with another cutout}
   *
   * @param side rows and columns of the square that is cleared; 0 for none
   */
  public ImageRecipe withCutout(int side) {
    return new ImageRecipe(
        augmentation, mirroring, side, erasing, mixup, cutmix, labelSmoothing, balanced);
  }

  /**
   * {@return the same with another random erasing}
   *
   * @param probability with which a rectangle is cleared, from 0 to 1
   */
  public ImageRecipe withErasing(double probability) {
    return new ImageRecipe(
        augmentation, mirroring, cutout, probability, mixup, cutmix, labelSmoothing, balanced);
  }

  /**
   * {@return the same with another mixup}
   *
   * @param alpha α, from 0, for none, to 1
   */
  public ImageRecipe withMixup(double alpha) {
    return new ImageRecipe(
        augmentation, mirroring, cutout, erasing, alpha, cutmix, labelSmoothing, balanced);
  }

  /**
   * {@return the same with another CutMix}
   *
   * @param alpha α, from 0, for none, to 1
   */
  public ImageRecipe withCutmix(double alpha) {
    return new ImageRecipe(
        augmentation, mirroring, cutout, erasing, mixup, alpha, labelSmoothing, balanced);
  }

  /**
   * {@return the same with another label smoothing}
   *
   * @param part of every probability that is spread over all classes
   */
  public ImageRecipe withLabelSmoothing(double part) {
    return new ImageRecipe(augmentation, mirroring, cutout, erasing, mixup, cutmix, part, balanced);
  }

  /**
   * {@return the same with classes that count the same, or as many images as they have}
   *
   * @param same whether they count the same
   */
  public ImageRecipe withBalance(boolean same) {
    return new ImageRecipe(
        augmentation, mirroring, cutout, erasing, mixup, cutmix, labelSmoothing, same);
  }
}
