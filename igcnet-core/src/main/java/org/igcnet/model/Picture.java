package org.igcnet.model;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;

/**
 * A picture file as the small image that a network takes: red, green and blue, transparent parts
 * over white, the middle cut out to the network's proportions and resized.
 */
public final class Picture {
  private static final Set<String> FORMATS = Set.of("png", "jpeg", "jpg", "bmp", "gif");
  private static final long MOST_PIXELS = 100_000_000;
  private static final int WHITE = 255;

  private final Resizing resizing;
  private final byte[] values;

  private Picture(Resizing resizing, byte[] values) {
    this.resizing = resizing;
    this.values = values;
  }

  /**
   * How a picture was made to fit.
   *
   * @param width columns of the file's picture
   * @param height rows of the file's picture
   * @param cropWidth columns of the middle part that was kept
   * @param cropHeight rows of the middle part that was kept
   * @param toWidth columns that it was resized to
   * @param toHeight rows that it was resized to
   */
  public record Resizing(
      int width, int height, int cropWidth, int cropHeight, int toWidth, int toHeight) {

    /** The largest middle part with the proportions of {@code shape}. */
    static Resizing of(int width, int height, ImageShape shape) {
      long wide = Math.round((double) height * shape.width() / shape.height());
      long high = Math.round((double) width * shape.height() / shape.width());
      return new Resizing(
          width,
          height,
          Math.clamp(wide, 1, width),
          Math.clamp(high, 1, height),
          shape.width(),
          shape.height());
    }

    private int left() {
      return (width - cropWidth) / 2;
    }

    private int top() {
      return (height - cropHeight) / 2;
    }

    /** For people, in columns × rows: {@code 640×480, its middle 480×480 resized to 32×32}. */
    @Override
    public String toString() {
      if (width == toWidth && height == toHeight) {
        return "%d×%d, taken as it is".formatted(width, height);
      }
      String part =
          cropWidth == width && cropHeight == height
              ? ""
              : " its middle %d×%d".formatted(cropWidth, cropHeight);
      return "%d×%d,%s resized to %d×%d".formatted(width, height, part, toWidth, toHeight);
    }
  }

  /**
   * Reads a PNG, JPEG, BMP or GIF file (its first picture).
   *
   * @param shape what the network takes: three channels
   * @throws UserError where the file is missing, is no such picture, is damaged, or has more than
   *     100 million pixels
   */
  public static Picture read(Path file, ImageShape shape) {
    if (shape.channels() != 3) {
      throw new UserError(
          "pictures have 3 channels, but the network takes images of %s".formatted(shape));
    }
    return of(decode(file), shape);
  }

  /** How it was resized. */
  public Resizing resizing() {
    return resizing;
  }

  /** Channels × rows × columns, unsigned bytes; not a copy. */
  public byte[] values() {
    return values;
  }

  private static BufferedImage decode(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new UserError("%s is a folder, not a picture".formatted(file));
      }
      Files.newByteChannel(file).close();
      try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
        return decode(file, in);
      }
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  private static BufferedImage decode(Path file, ImageInputStream in) throws IOException {
    ImageReader reader = reader(file, in);
    try {
      reader.setInput(in, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MOST_PIXELS) {
        throw new UserError(
            "%s has %,d×%,d pixels; pictures may have %,d pixels in all"
                .formatted(file, reader.getWidth(0), reader.getHeight(0), MOST_PIXELS));
      }
      return reader.read(0);
    } catch (UserError tooLarge) {
      throw tooLarge;
    } catch (IOException | RuntimeException e) {
      // The JDK's decoders meet damaged files with unchecked exceptions of many kinds.
      throw new UserError(
          "%s is a damaged picture, or one of a kind that cannot be read: %s"
              .formatted(file, e.getMessage()),
          e);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader(Path file, ImageInputStream in) throws IOException {
    for (Iterator<ImageReader> readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
    }
    throw new UserError("%s is no picture; PNG, JPEG, BMP and GIF can be read".formatted(file));
  }

  /** Resizes row by row, so that a large picture is never held as floats. */
  static Picture of(BufferedImage image, ImageShape shape) {
    Resizing resizing = Resizing.of(image.getWidth(), image.getHeight(), shape);
    Resampling columns = Resampling.of(resizing.cropWidth(), shape.width());
    Resampling rows = Resampling.of(resizing.cropHeight(), shape.height());
    int[] pixels = new int[resizing.cropWidth()];
    float[] source = new float[resizing.cropWidth()];
    float[] narrow = new float[shape.width()];
    float[] sums = new float[shape.size()];
    for (int y = 0; y < resizing.cropHeight(); y++) {
      row(image, resizing.left(), resizing.top() + y, pixels);
      for (int channel = 0; channel < shape.channels(); channel++) {
        int shift = 16 - 8 * channel;
        for (int x = 0; x < pixels.length; x++) {
          source[x] = overWhite(pixels[x], shift);
        }
        columns.apply(source, narrow);
        rows.scatter(y, narrow, sums, channel * shape.pixels());
      }
    }
    byte[] values = new byte[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) Math.clamp(Math.round(sums[i]), 0, 255);
    }
    return new Picture(resizing, values);
  }

  /** One row as alpha, red, green and blue, eight bits each. */
  private static void row(BufferedImage image, int left, int y, int[] pixels) {
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      greyRow(image, left, y, pixels);
    } else {
      image.getRGB(left, y, pixels.length, 1, pixels, 0, pixels.length);
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

  private static float overWhite(int pixel, int shift) {
    float alpha = (pixel >>> 24) / 255f;
    return WHITE + alpha * ((pixel >>> shift & 0xFF) - WHITE);
  }
}
