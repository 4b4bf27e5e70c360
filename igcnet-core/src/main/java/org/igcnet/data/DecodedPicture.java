package org.igcnet.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import org.igcnet.arch.ImageShape;

/**
 * A picture of any size, from which parts can be cut and resized.
 *
 * @param image as it is stored
 * @param orientation how it lies there
 */
record DecodedPicture(BufferedImage image, Orientation orientation) {
  private static final int CHANNELS = 3;
  private static final int WHITE = 255;

  /** Columns of the upright picture. */
  int width() {
    return orientation.transposed ? image.getHeight() : image.getWidth();
  }

  /** Rows of the upright picture. */
  int height() {
    return orientation.transposed ? image.getWidth() : image.getHeight();
  }

  /**
   * Cuts out a part and resizes it: red, green and blue, transparent parts over white. Goes row by
   * row, so that a large picture is never held as floats.
   *
   * @param window in the upright picture
   * @param mirror whether to turn the result round, left to right
   * @param shape of the result, three channels
   * @param values gets channels × rows × columns, unsigned bytes
   */
  void cut(Window window, boolean mirror, ImageShape shape, byte[] values) {
    Window stored = orientation.stored(window, width(), height());
    int width = orientation.transposed ? shape.height() : shape.width();
    int height = orientation.transposed ? shape.width() : shape.height();
    Place place = new Place(orientation, mirror, shape);
    float[] sums = resized(stored, width, height);
    for (int i = 0, channel = 0; channel < CHANNELS; channel++) {
      for (int row = 0; row < height; row++) {
        int to = place.index(channel, row);
        for (int column = 0; column < width; column++, to += place.step()) {
          values[to] = (byte) Math.clamp(Math.round(sums[i++]), 0, 255);
        }
      }
    }
  }

  /**
   * Where a value of the stored picture goes in the upright one.
   *
   * @param mirror whether that is turned round once more
   * @param shape that of the upright picture
   */
  private record Place(Orientation orientation, boolean mirror, ImageShape shape) {
    /** That of a row's first value. */
    int index(int channel, int row) {
      int x = orientation.transposed ? row : 0;
      int y = orientation.transposed ? 0 : row;
      int column = turned() ? shape.width() - 1 - x : x;
      int line = orientation.upsideDown ? shape.height() - 1 - y : y;
      return (channel * shape.height() + line) * shape.width() + column;
    }

    /** From one value of a row to the next. */
    int step() {
      if (orientation.transposed) {
        return orientation.upsideDown ? -shape.width() : shape.width();
      }
      return turned() ? -1 : 1;
    }

    private boolean turned() {
      return orientation.leftToRight != mirror;
    }
  }

  private float[] resized(Window window, int width, int height) {
    Resampling columns = Resampling.of(window.width(), width);
    Resampling rows = Resampling.of(window.height(), height);
    int[] pixels = new int[window.width()];
    float[] source = new float[window.width()];
    float[] narrow = new float[width];
    float[] sums = new float[CHANNELS * height * width];
    for (int y = 0; y < window.height(); y++) {
      row(window.left(), window.top() + y, pixels);
      for (int channel = 0; channel < CHANNELS; channel++) {
        int shift = 16 - 8 * channel;
        for (int x = 0; x < pixels.length; x++) {
          source[x] = overWhite(pixels[x], shift);
        }
        columns.apply(source, narrow);
        rows.scatter(y, narrow, sums, channel * height * width);
      }
    }
    return sums;
  }

  /** One row as alpha, red, green and blue, eight bits each. */
  private void row(int left, int y, int[] pixels) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        && image.getRaster().getDataBuffer() instanceof DataBufferByte buffer) {
      byteRow(buffer.getData(), left, y, pixels);
    } else if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      greyRow(left, y, pixels);
    } else {
      image.getRGB(left, y, pixels.length, 1, pixels, 0, pixels.length);
    }
  }

  /** What most JPEGs are decoded to; asking the image for it would take longer than decoding. */
  private void byteRow(byte[] data, int left, int y, int[] pixels) {
    int from = (y * image.getWidth() + left) * CHANNELS;
    for (int x = 0; x < pixels.length; x++, from += CHANNELS) {
      pixels[x] =
          (0xFF << 24)
              | ((data[from + 2] & 0xFF) << 16)
              | ((data[from + 1] & 0xFF) << 8)
              | (data[from] & 0xFF);
    }
  }

  /**
   * Grey values as the file has them: Java takes them for linear light and would make them lighter,
   * while every other program takes them for red, green and blue.
   */
  private void greyRow(int left, int y, int[] pixels) {
    int width = pixels.length;
    var raster = image.getRaster();
    int[] greys = raster.getSamples(left, y, width, 1, 0, (int[]) null);
    int most = (1 << raster.getSampleModel().getSampleSize(0)) - 1;
    boolean transparent = raster.getNumBands() > 1;
    int[] alphas = transparent ? raster.getSamples(left, y, width, 1, 1, (int[]) null) : greys;
    for (int x = 0; x < width; x++) {
      int grey = Math.round(255f * greys[x] / most);
      int alpha = transparent ? Math.round(255f * alphas[x] / most) : 255;
      pixels[x] = alpha << 24 | grey << 16 | grey << 8 | grey;
    }
  }

  private static float overWhite(int pixel, int shift) {
    float alpha = (pixel >>> 24) / 255f;
    return WHITE + alpha * ((pixel >>> shift & 0xFF) - WHITE);
  }
}
