package org.igcnet.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import org.igcnet.arch.ImageShape;

/**
 * A part of a picture on its way to the small image that a network takes: red, green and blue, or
 * grey, transparent parts over white, resized. Takes the picture row by row, from the top, so that
 * a large one is never held as floats, or whole.
 */
final class Cut {
  /** Of a picture that is not grey. */
  private static final int COLOURS = 3;

  private static final int WHITE = 255;

  /** What red, green and blue are of the grey of television (ITU-R BT.601). */
  private static final float[] GREY = {0.299f, 0.587f, 0.114f};

  /** Java takes more bits than these for numbers with a sign. */
  private static final int MOST_GREY_BITS = 16;

  /** In the stored picture. */
  private final Window window;

  private final Place place;
  private final int channels;
  private final int width;
  private final int height;
  private final Resampling columns;
  private final Resampling rows;
  private final int[] pixels;
  private final float[] source;
  private final float[] narrow;
  private final float[] sums;

  /**
   * Of nothing yet.
   *
   * @param window in the stored picture
   * @param orientation how that lies
   * @param mirror whether to turn the result round, left to right
   * @param shape of the result, three channels or one
   */
  Cut(Window window, Orientation orientation, boolean mirror, ImageShape shape) {
    this.window = window;
    this.place = new Place(orientation, mirror, shape);
    this.channels = shape.channels();
    this.width = orientation.transposed ? shape.height() : shape.width();
    this.height = orientation.transposed ? shape.width() : shape.height();
    this.columns = Resampling.of(window.width(), width);
    this.rows = Resampling.of(window.height(), height);
    this.pixels = new int[window.width()];
    this.source = new float[window.width()];
    this.narrow = new float[width];
    this.sums = new float[channels * height * width];
  }

  /**
   * Takes more of the picture.
   *
   * @param strip rows of the stored picture, in its whole width
   * @param top the number of the first of them there
   */
  void add(BufferedImage strip, int top) {
    int first = Math.max(0, top - window.top());
    int end = Math.min(window.height(), top + strip.getHeight() - window.top());
    for (int y = first; y < end; y++) {
      row(strip, window.left(), window.top() + y - top, pixels);
      for (int channel = 0; channel < channels; channel++) {
        for (int x = 0; x < pixels.length; x++) {
          source[x] = channels == 1 ? grey(pixels[x]) : overWhite(pixels[x], channel);
        }
        columns.apply(source, narrow);
        rows.scatter(y, narrow, sums, channel * height * width);
      }
    }
  }

  /**
   * Gives the result, once all rows were taken.
   *
   * @param values gets channels × rows × columns, unsigned bytes
   */
  void put(byte[] values) {
    for (int i = 0, channel = 0; channel < channels; channel++) {
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

  /** One row as alpha, red, green and blue, eight bits each. */
  private static void row(BufferedImage image, int left, int y, int[] pixels) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        && isTight(image)
        && image.getRaster().getDataBuffer() instanceof DataBufferByte buffer) {
      byteRow(buffer.getData(), y * image.getWidth() + left, pixels);
    } else if (isPlainGrey(image)) {
      greyRow(image, left, y, pixels);
    } else {
      image.getRGB(left, y, pixels.length, 1, pixels, 0, pixels.length);
    }
  }

  /** Whether its memory holds its pixels one after another, and nothing else. */
  private static boolean isTight(BufferedImage image) {
    return image.getRaster().getParent() == null
        && image.getRaster().getDataBuffer().getOffset() == 0
        && image.getSampleModel() instanceof ComponentSampleModel model
        && model.getScanlineStride() == COLOURS * image.getWidth();
  }

  private static boolean isPlainGrey(BufferedImage image) {
    return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
        && image.getSampleModel().getSampleSize(0) <= MOST_GREY_BITS
        && !image.isAlphaPremultiplied();
  }

  /** What most JPEGs are decoded to; asking the image for it would take longer than decoding. */
  private static void byteRow(byte[] data, int first, int[] pixels) {
    int from = first * COLOURS;
    for (int x = 0; x < pixels.length; x++, from += COLOURS) {
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
  private static void greyRow(BufferedImage image, int left, int y, int[] pixels) {
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

  private static float grey(int pixel) {
    float sum = 0;
    for (int colour = 0; colour < COLOURS; colour++) {
      sum += GREY[colour] * overWhite(pixel, colour);
    }
    return sum;
  }

  private static float overWhite(int pixel, int colour) {
    float alpha = (pixel >>> 24) / 255f;
    return WHITE + alpha * (((pixel >>> (16 - 8 * colour)) & 0xFF) - WHITE);
  }
}
