package org.igcnet.data;

/**
 * How a picture of any size is made to fit a network: which part of it is kept, and by which filter
 * that part is brought to the network's size.
 *
 * @param middle the share of the largest middle part with the network's proportions that is kept,
 *     in each direction, above 0 and at most 1. Where a picture's short side is resized to 256 and
 *     the middle 224 are cut out, it is 224/256
 * @param filter what weighs a picture's pixels for a new one
 */
public record Framing(double middle, Filter filter) {
  /** Everything of the proportions is kept. */
  public static final Framing WHOLE = new Framing(1, Filter.ANTIALIASED_BILINEAR);

  /** How photographs are tested: 224 of the 256 pixels that the short side is resized to. */
  public static final Framing PHOTOGRAPH = new Framing(224.0 / 256, Filter.ANTIALIASED_BILINEAR);

  /** The filters that there are. */
  public enum Filter {
    /**
     * Linear interpolation where a picture grows; where it shrinks a triangle's weights over all
     * that a new pixel covers, as Pillow's and torchvision's antialiased bilinear resizing.
     */
    ANTIALIASED_BILINEAR
  }

  /**
   * Looks whether something is kept, and no more than there is.
   *
   * @throws IllegalArgumentException where that is not so
   */
  public Framing {
    if (!(middle > 0 && middle <= 1)) {
      throw new IllegalArgumentException(
          "the share of a picture that is kept is above 0 and at most 1, not " + middle);
    }
  }
}
