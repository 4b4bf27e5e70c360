package org.igcnet.data;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.igcnet.UserError;

/**
 * The MD5 of each file of an unpacked archive, in a file beside them that {@code md5sum -c} reads.
 * It is written when the archive's own checksum was right, so what agrees with it is what was
 * published.
 */
final class Checksums {
  private static final String FILE = "checksums.md5";
  private static final int DEPTH = 16;
  private static final int BUFFER = 1 << 16;

  private Checksums() {}

  /** The MD5 of a file, in hexadecimal. */
  static String md5(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has MD5", e);
    }
  }

  /** Writes those of all files in a folder. */
  static void write(Path folder) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(of(folder).getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = FileChannel.open(folder.resolve(FILE), CREATE_NEW, WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /**
   * Looks whether a folder is as it was written.
   *
   * @throws UserError where it is not, or nothing tells
   */
  static void require(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "'%s' is there, but without the %s that a finished download has; move it away, and it can be fetched again"
              .formatted(folder, FILE));
    }
    String now = of(folder);
    if (Files.size(file) != now.getBytes(StandardCharsets.UTF_8).length
        || !Files.readString(file).equals(now)) {
      throw new UserError(
          "'%s' does not hold what was downloaded, as %s in it tells; move it away, and it can be fetched again"
              .formatted(folder, FILE));
    }
  }

  private static String of(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder, DEPTH)) {
      StringBuilder lines = new StringBuilder();
      for (Path file :
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.equals(folder.resolve(FILE)))
              .sorted()
              .toList()) {
        lines.append(md5(file)).append("  ").append(folder.relativize(file)).append('\n');
      }
      return lines.toString();
    }
  }
}
