package org.igcnet.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.files.PlainFile;

/**
 * A file of a data set, as it was when a training began. All of them, a line each and in order, are
 * the data's listing: by it they are known again wherever they lie.
 *
 * @param test whether it belongs to a test set that lies apart
 * @param size its bytes, or -1 where it could not be read
 * @param name its path from the data's folder, with {@code /} between folders
 */
public record ListedFile(boolean test, long size, String name) {
  private static final Pattern LINE = Pattern.compile("(train|test) (-1|\\d{1,18}) ([^\n\r]+)");

  /** Above the listing of five million pictures. */
  private static final long LARGEST_LISTING = 512L << 20;

  /** {@return its line in a listing, without the line's end: {@code train 2048 cat/1.jpg}} */
  public String line() {
    return "%s %d %s".formatted(test ? "test" : "train", size, name);
  }

  /**
   * Writes a listing.
   *
   * @param files in the order of the pictures
   * @param out is left open
   * @throws IOException where {@code out} throws it
   */
  public static void write(Stream<ListedFile> files, OutputStream out) throws IOException {
    for (ListedFile file : (Iterable<ListedFile>) files::iterator) {
      out.write((file.line() + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * {@return the SHA-256 of a listing's bytes, in hexadecimal}
   *
   * @param files in the order of the pictures
   */
  public static String sha256(Stream<ListedFile> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      write(files, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException | IOException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /**
   * Reads a listing.
   *
   * @param file as {@link #write} makes it
   * @return the files in their order
   * @throws UserError where the file cannot be read, or is none
   */
  public static List<ListedFile> read(Path file) {
    List<ListedFile> files = new ArrayList<>();
    try {
      PlainFile.require(file);
      if (Files.size(file) > LARGEST_LISTING) {
        throw new UserError(
            Kind.DATA,
            "'%s' has %,d bytes, more than a listing may have (%,d)"
                .formatted(file, Files.size(file), LARGEST_LISTING));
      }
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          files.add(parse(file, files.size() + 1, line));
        }
      }
    } catch (IOException e) {
      throw new UserError(Kind.ACCESS, "'%s' cannot be read: %s".formatted(file, Reason.of(e)), e);
    }
    return List.copyOf(files);
  }

  private static ListedFile parse(Path file, int number, String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches() || !staysInside(matcher.group(3))) {
      throw new UserError(
          Kind.DATA,
          "line %,d of '%s' names no file of the data; 'train 2048 cat/1.jpg' would be one"
              .formatted(number, file));
    }
    return new ListedFile(
        matcher.group(1).equals("test"), Long.parseLong(matcher.group(2)), matcher.group(3));
  }

  private static boolean staysInside(String name) {
    return !name.startsWith("/") && Stream.of(name.split("/", -1)).noneMatch(ListedFile::leaves);
  }

  private static boolean leaves(String step) {
    return step.isEmpty() || step.equals(".") || step.equals("..") || step.indexOf('\0') >= 0;
  }
}
