package org.igcnet.arch;

/**
 * The shape of one image or of one feature map: channels × rows × columns.
 *
 * @param channels number of channels, at least 1
 * @param height number of rows, at least 1
 * @param width number of columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {
  /** The 32×32 colour images of CIFAR and SVHN. */
  public static final ImageShape CIFAR = new ImageShape(3, 32, 32);

  /** The crops of ImageNet's pictures. */
  public static final ImageShape IMAGENET = new ImageShape(3, 224, 224);

  /**
   * Takes the numbers as they are.
   *
   * @throws IllegalArgumentException where one is below 1
   */
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an image needs at least one channel, row and column, not %d×%d×%d"
              .formatted(channels, height, width));
    }
  }

  /** {@return the number of positions in one channel} */
  public int pixels() {
    return height * width;
  }

  /** {@return the number of values in one image} */
  public int size() {
    return channels * pixels();
  }

  @Override
  public String toString() {
    return "%d×%d×%d".formatted(channels, height, width);
  }
}
