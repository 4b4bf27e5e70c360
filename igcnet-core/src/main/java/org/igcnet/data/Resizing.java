package org.igcnet.data;

/**
 * How a picture was made to fit a network.
 *
 * @param width columns of the picture
 * @param height rows of the picture
 * @param cropWidth columns of the middle part that was kept
 * @param cropHeight rows of the middle part that was kept
 * @param toWidth columns that it was resized to
 * @param toHeight rows that it was resized to
 */
public record Resizing(
    int width, int height, int cropWidth, int cropHeight, int toWidth, int toHeight) {

  /** For people, in columns × rows: {@code 640×480, its middle 480×480 resized to 32×32}. */
  @Override
  public String toString() {
    if (width == toWidth && height == toHeight && cropWidth == width && cropHeight == height) {
      return "%d×%d, taken as it is".formatted(width, height);
    }
    String part =
        cropWidth == width && cropHeight == height
            ? ""
            : " its middle %d×%d".formatted(cropWidth, cropHeight);
    return "%d×%d,%s resized to %d×%d".formatted(width, height, part, toWidth, toHeight);
  }
}
