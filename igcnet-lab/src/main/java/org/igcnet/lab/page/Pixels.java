package org.igcnet.lab.page;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.igcnet.arch.ImageShape;

/** Pictures as addresses that hold the picture itself: PNG in base 64. */
public final class Pixels {
  /** From nothing to most, dark to bright, so that brightness alone tells too. */
  private static final int[] SCALE = {
    0x0b0724, 0x2a0f55, 0x57157e, 0x84206b, 0xb0315b, 0xd8534a, 0xf1893a, 0xf9c440, 0xfcfdbf
  };

  private Pixels() {}

  /**
   * A picture.
   *
   * @param values channels × rows × columns, unsigned bytes; three channels, or one
   */
  public static String picture(ImageShape shape, byte[] values) {
    BufferedImage image =
        new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    int plane = shape.pixels();
    int green = shape.channels() == 1 ? 0 : plane;
    int blue = shape.channels() == 1 ? 0 : 2 * plane;
    for (int i = 0; i < plane; i++) {
      int rgb =
          Byte.toUnsignedInt(values[i]) << 16
              | Byte.toUnsignedInt(values[green + i]) << 8
              | Byte.toUnsignedInt(values[blue + i]);
      image.setRGB(i % shape.width(), i / shape.width(), rgb);
    }
    return address(image);
  }

  /**
   * A matrix by brightness.
   *
   * @param rows of equal length, not negative; nothing is dark, and what only one in two hundred
   *     surpasses is brightest
   */
  public static String heat(double[][] rows) {
    double[] sorted = Arrays.stream(rows).flatMapToDouble(Arrays::stream).sorted().toArray();
    double most = Math.max(sorted[(int) (0.995 * (sorted.length - 1))], Double.MIN_NORMAL);
    BufferedImage image =
        new BufferedImage(rows[0].length, rows.length, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[y].length; x++) {
        image.setRGB(x, y, colour(Math.min(1, rows[y][x] / most)));
      }
    }
    return address(image);
  }

  /** The colour of a share, 0 to 1. */
  private static int colour(double share) {
    double at = share * (SCALE.length - 1);
    int from = Math.min((int) at, SCALE.length - 2);
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int low = SCALE[from] >> shift & 0xff;
      int high = SCALE[from + 1] >> shift & 0xff;
      rgb |= (int) Math.round(low + (high - low) * (at - from)) << shift;
    }
    return rgb;
  }

  private static String address(BufferedImage image) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
