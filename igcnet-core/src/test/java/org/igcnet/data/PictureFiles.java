package org.igcnet.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Picture files for tests. */
public final class PictureFiles {
  private static final int SOI = 2;

  private PictureFiles() {}

  static byte[] encoded(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IOException("nothing writes " + format);
    }
    return out.toByteArray();
  }

  /** Patches of eight by eight random colours, each its own for a seed. */
  static BufferedImage patches(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    int[] colours =
        random.ints(((width + 7) / 8) * (long) ((height + 7) / 8), 0, 1 << 24).toArray();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, colours[y / 8 * ((width + 7) / 8) + x / 8]);
      }
    }
    return image;
  }

  /** A JPEG with EXIF that says how it lies. */
  static byte[] oriented(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.putShort((short) 0xFFE1).putShort((short) 34);
    exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    exif.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    exif.putShort((short) 1);
    exif.putShort((short) 0x112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0);
    exif.putInt(0);
    return ByteBuffer.allocate(jpeg.length + exif.capacity())
        .put(jpeg, 0, SOI)
        .put(exif.array())
        .put(jpeg, SOI, jpeg.length - SOI)
        .array();
  }

  /** A JPEG's header that claims a size, with nothing behind it. */
  static byte[] giant(byte[] jpeg, int width, int height) {
    byte[] giant = jpeg.clone();
    for (int i = 0; i < giant.length - 8; i++) {
      if ((giant[i] & 0xFF) == 0xFF && (giant[i + 1] & 0xFF) == 0xC0) {
        ByteBuffer.wrap(giant).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
        return giant;
      }
    }
    throw new IllegalArgumentException("no baseline JPEG");
  }

  /** A folder of class folders, "a" first, each with so many pictures of its own sizes. */
  public static Path folder(Path folder, int classes, int each) throws IOException {
    for (int c = 0; c < classes; c++) {
      Path at = Files.createDirectories(folder.resolve(String.valueOf((char) ('a' + c))));
      for (int i = 0; i < each; i++) {
        BufferedImage image = patches(40 + 5 * i, 48 + 7 * c, 100 * c + i);
        Files.write(at.resolve("%03d.jpg".formatted(i)), encoded(image, "jpg"));
      }
    }
    return folder;
  }
}
