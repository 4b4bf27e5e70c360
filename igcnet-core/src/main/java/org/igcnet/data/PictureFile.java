package org.igcnet.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.igcnet.UserError.Kind;

/** Reads picture files: none but regular ones, and no more of them than a picture can have. */
final class PictureFile {
  /** Above the bytes of any format's 100 million pixels, not compressed. */
  private static final int MOST_BYTES = 1 << 30;

  private PictureFile() {}

  /**
   * A file's bytes.
   *
   * @throws SkippedPicture where it is a folder, a pipe or a device, or has more bytes than a
   *     picture can have
   * @throws IOException where it cannot be read
   */
  static byte[] bytes(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new SkippedPicture(
          "%s is %s, not a picture"
              .formatted(file, attributes.isDirectory() ? "a folder" : "a pipe or a device"));
    }
    if (attributes.size() > MOST_BYTES) {
      throw new SkippedPicture(
          Kind.TOO_LARGE,
          "%s has %,d bytes; pictures may have %,d".formatted(file, attributes.size(), MOST_BYTES));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes((int) attributes.size());
    }
  }

  /**
   * The bytes that are left in a stream.
   *
   * @param name what messages call it
   * @throws SkippedPicture where it has more than a picture can have
   * @throws IOException where it cannot be read
   */
  static byte[] bytes(String name, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new SkippedPicture(
          Kind.TOO_LARGE,
          "%s has more than the %,d bytes that pictures may have".formatted(name, MOST_BYTES));
    }
    return bytes;
  }
}
