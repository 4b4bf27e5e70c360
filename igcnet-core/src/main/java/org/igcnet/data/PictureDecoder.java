package org.igcnet.data;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.igcnet.UserError;
import org.jspecify.annotations.Nullable;

/** Decodes PNG, JPEG, BMP and GIF files (the first picture). Takes its input for hostile. */
final class PictureDecoder {
  private static final Set<String> FORMATS = Set.of("png", "jpeg", "jpg", "bmp", "gif");
  private static final long MOST_PIXELS = 100_000_000;

  /** Above the pixels of any format's 100 million, not compressed. */
  private static final long MOST_BYTES = 1 << 30;

  /**
   * Pictures of more pixels are decoded one at a time, however many threads there are, so that all
   * together need little more memory than the largest.
   */
  private static final long LARGE = 8_000_000;

  private static final Object LARGE_ONE = new Object();

  /** What the JPEG decoder calls a file that ends too early, before it makes up the rest. */
  private static final String TRUNCATED = "Truncated File";

  private PictureDecoder() {}

  /**
   * Reads a file.
   *
   * @throws UserError as {@link #decode}, or where the file cannot be read
   */
  static DecodedPicture read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw new UserError("%s is a folder, not a picture".formatted(file));
      }
      return decode(file::toString, bytes(file));
    } catch (NoSuchFileException e) {
      throw new UserError("%s does not exist".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  /** A file's bytes, where it has no more than a picture can have. */
  static byte[] bytes(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new UserError(
          "%s has %,d bytes; pictures may have %,d".formatted(file, Files.size(file), MOST_BYTES));
    }
    return Files.readAllBytes(file);
  }

  /**
   * Decodes a file.
   *
   * @param name what messages call the file; asked for where there is one
   * @throws UserError where it is no such picture, is damaged, or has more than 100 million pixels
   */
  static DecodedPicture decode(Supplier<String> name, byte[] file) {
    try (ImageInputStream in = new ByteArrayImageInputStream(file)) {
      ImageReader reader = reader(name, in);
      try {
        reader.setInput(in, true, true);
        return new DecodedPicture(decode(name, reader), Orientation.of(file));
      } finally {
        reader.dispose();
      }
    } catch (UserError refused) {
      throw refused;
    } catch (IOException | RuntimeException e) {
      // Decoders meet damaged files with unchecked exceptions of many kinds.
      throw damaged(name, String.valueOf(e.getMessage()), e);
    }
  }

  private static BufferedImage decode(Supplier<String> name, ImageReader reader)
      throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MOST_PIXELS) {
      throw new UserError(
          "%s has %,d×%,d pixels; pictures may have %,d pixels in all"
              .formatted(name.get(), reader.getWidth(0), reader.getHeight(0), MOST_PIXELS));
    }
    AtomicBoolean truncated = new AtomicBoolean();
    reader.addIIOReadWarningListener(
        (_, warning) -> truncated.compareAndSet(false, warning.startsWith(TRUNCATED)));
    BufferedImage image = pixels > LARGE ? alone(reader) : reader.read(0);
    if (truncated.get()) {
      throw damaged(name, "it ends too early", null);
    }
    return image;
  }

  private static BufferedImage alone(ImageReader reader) throws IOException {
    synchronized (LARGE_ONE) {
      return reader.read(0);
    }
  }

  private static UserError damaged(Supplier<String> name, String why, @Nullable Throwable cause) {
    String reason = why.lines().findFirst().orElse("");
    return new UserError(
        "%s is a damaged picture, or one of a kind that cannot be read: %s"
            .formatted(name.get(), reason),
        cause);
  }

  private static ImageReader reader(Supplier<String> name, ImageInputStream in) {
    for (Iterator<ImageReader> readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(formatName(reader))) {
        return reader;
      }
    }
    throw new UserError(
        "%s is no picture; PNG, JPEG, BMP and GIF can be read".formatted(name.get()));
  }

  private static String formatName(ImageReader reader) {
    try {
      return reader.getFormatName().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      return "";
    }
  }
}
