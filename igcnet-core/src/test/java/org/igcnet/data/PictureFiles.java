package org.igcnet.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

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

  /** EXIF that says how a picture lies. */
  static byte[] exif(int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(26);
    exif.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    exif.putShort((short) 1);
    exif.putShort((short) 0x112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0);
    exif.putInt(0);
    return exif.array();
  }

  /** The same behind a name, as it stands in a JPEG, and sometimes elsewhere. */
  static byte[] namedExif(int orientation) {
    return ByteBuffer.allocate(32)
        .put("Exif\0\0".getBytes(StandardCharsets.US_ASCII))
        .put(exif(orientation))
        .array();
  }

  /** A JPEG with EXIF that says how it lies. */
  static byte[] oriented(byte[] jpeg, int orientation) {
    return withSegment(jpeg, 0xFFE1, namedExif(orientation));
  }

  /** A WebP of pixels alone, with its size before them and EXIF behind them. */
  static byte[] webpWithExif(byte[] webp, int width, int height, byte[] exif) {
    int pixels = 12;
    ByteBuffer file =
        ByteBuffer.allocate(webp.length + 18 + 8 + exif.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(webp, 0, 4).putInt(file.capacity() - 8).put(webp, 8, 4);
    file.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(8);
    file.putShort((short) (width - 1)).put((byte) 0).putShort((short) (height - 1)).put((byte) 0);
    file.put(webp, pixels, webp.length - pixels);
    file.put("EXIF".getBytes(StandardCharsets.US_ASCII)).putInt(exif.length).put(exif);
    return file.array();
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

  /** A PNG with more chunks behind its header. */
  static byte[] withChunk(byte[] png, String name, byte[] data) {
    int header = 33;
    CRC32 checksum = new CRC32();
    checksum.update(name.getBytes(StandardCharsets.US_ASCII));
    checksum.update(data);
    return ByteBuffer.allocate(png.length + 12 + data.length)
        .put(png, 0, header)
        .putInt(data.length)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .putInt((int) checksum.getValue())
        .put(png, header, png.length - header)
        .array();
  }

  /** A JPEG with one more segment behind its first two bytes. */
  static byte[] withSegment(byte[] jpeg, int marker, byte[] data) {
    return ByteBuffer.allocate(jpeg.length + 4 + data.length)
        .put(jpeg, 0, SOI)
        .putShort((short) marker)
        .putShort((short) (2 + data.length))
        .put(data)
        .put(jpeg, SOI, jpeg.length - SOI)
        .array();
  }

  /** In several goes over all pixels: an interlaced PNG, a progressive JPEG. */
  static byte[] progressive(BufferedImage image, String format) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      ImageWriteParam how = writer.getDefaultWriteParam();
      how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      writer.write(null, new IIOImage(image, null, null), how);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
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
