package org.igcnet.files;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/**
 * Files that are written whole or not at all: first under another name in the same folder, forced
 * to the disk, then moved into place in one step. What a killed process leaves behind has the
 * suffix {@value #SUFFIX}, and the next write replaces it.
 *
 * <p>Where a link stands, the file behind it is replaced, and the link stays. A device or a pipe is
 * never replaced: the bytes are written to it. What {@code /dev/stdout} and {@code /dev/stderr} are
 * is never opened: the bytes follow what the process has written there.
 */
public final class WholeFile {
  /** Ends the name of a file that is not in its place yet. */
  public static final String SUFFIX = ".new";

  private static final int BUFFER = 1 << 16;

  /** Opened by its name, one that leads into a file would be written from the file's beginning. */
  private static final Map<String, FileDescriptor> OWN_STREAMS =
      Map.of(
          "/dev/stdout", FileDescriptor.out,
          "/dev/fd/1", FileDescriptor.out,
          "/proc/self/fd/1", FileDescriptor.out,
          "/dev/stderr", FileDescriptor.err,
          "/dev/fd/2", FileDescriptor.err,
          "/proc/self/fd/2", FileDescriptor.err);

  private WholeFile() {}

  /** What puts a file's bytes into a stream. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all bytes.
     *
     * @param out where they go; it is flushed and closed by who gives it
     * @throws IOException where that is impossible
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file, in place of one that may be there.
   *
   * @param file the file
   * @param content what writes its bytes
   * @throws UserError where that is impossible; the file is then as it was
   */
  public static void write(Path file, Content content) {
    if (isStream(file)) {
      writeThrough(file, content);
    } else {
      Path place = place(file);
      prepare(place, content);
      commit(place);
    }
  }

  /**
   * Looks whether a file can be written, before the work that it is to hold is done.
   *
   * @param file the file
   * @throws UserError where it cannot
   */
  public static void requireWritable(Path file) {
    if (!isStream(file)) {
      Path place = place(file);
      prepare(place, _ -> {});
      try {
        Files.delete(aside(place));
      } catch (IOException e) {
        throw unwritable(file, e);
      }
    }
  }

  /**
   * Looks whether a folder can be made where there is none, and written into where there is one,
   * before the work is done that it is to hold. Leaves nothing behind.
   *
   * @param folder the folder
   * @throws UserError where it cannot
   */
  public static void requireWritableFolder(Path folder) {
    Path there = existing(folder.toAbsolutePath());
    if (!Files.isDirectory(there)) {
      throw new UserError(
          Kind.ACCESS, "%s cannot be a folder: %s is none".formatted(folder, there));
    }
    try {
      Files.delete(Files.createTempFile(there, ".igcnet", SUFFIX));
    } catch (IOException e) {
      throw new UserError(
          Kind.ACCESS,
          "%s cannot be written: %s takes no new file (%s)".formatted(folder, there, Reason.of(e)),
          e);
    }
  }

  /**
   * Makes a folder where there is none.
   *
   * @param folder the folder, and those that it lies in
   * @throws UserError where it cannot be made
   */
  public static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /**
   * Looks whether a folder can be made, or is there and has nothing in it. Leaves nothing behind.
   *
   * @param folder the folder
   * @throws UserError where it cannot, or has
   */
  public static void requireEmptyFolder(Path folder) {
    requireWritableFolder(folder);
    if (Files.exists(folder)) {
      try (Stream<Path> within = Files.list(folder)) {
        if (within.findAny().isPresent()) {
          throw new UserError("%s is not empty; a new folder would be right".formatted(folder));
        }
      } catch (IOException e) {
        throw unreadable(folder, e);
      }
    }
  }

  /** The path itself, or the nearest folder above it that exists. */
  private static Path existing(Path path) {
    Path there = path;
    for (Path above = path.getParent();
        above != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS);
        above = above.getParent()) {
      there = above;
    }
    return there;
  }

  /**
   * {@return whether what is written goes through, to a pipe, a device or one of the process's own
   * streams, in place of making a file}
   *
   * @param file the file
   */
  public static boolean isStream(Path file) {
    return isOwn(file)
        || (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file));
  }

  private static boolean isOwn(Path file) {
    return OWN_STREAMS.containsKey(file.toString());
  }

  private static void writeThrough(Path file, Content content) {
    try {
      if (isOwn(file)) {
        put(content, new FileOutputStream(OWN_STREAMS.get(file.toString())));
      } else {
        try (OutputStream stream = Files.newOutputStream(file)) {
          put(content, stream);
        }
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void put(Content content, OutputStream stream) throws IOException {
    OutputStream out = new BufferedOutputStream(stream, BUFFER);
    content.writeTo(out);
    out.flush();
  }

  /** The file itself, where a link stands for it. */
  private static Path place(Path file) {
    if (Files.isDirectory(file)) {
      throw new UserError(Kind.ACCESS, "%s cannot be written: it is a folder".formatted(file));
    }
    try {
      return Files.isSymbolicLink(file) ? file.toRealPath() : file;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Writes all of {@code file}, but leaves it beside its place.
   *
   * @param file the file
   * @param content what writes its bytes
   */
  public static void prepare(Path file, Content content) {
    Path aside = aside(file);
    try (FileChannel channel =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      put(content, Channels.newOutputStream(channel));
      channel.force(true);
    } catch (IOException e) {
      remove(aside, e);
      throw unwritable(file, e);
    }
  }

  private static void remove(Path file, IOException cause) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Moves what {@link #prepare} wrote into its place.
   *
   * @param file the file
   */
  public static void commit(Path file) {
    try {
      Files.move(
          aside(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * Deletes a file where there is one.
   *
   * @param file the file
   * @throws UserError where it stays
   */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /**
   * {@return where {@code file} stands before it is in its place}
   *
   * @param file the file
   */
  public static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + SUFFIX);
  }

  /**
   * {@return the sentence for a file that cannot be written}
   *
   * @param file the file
   * @param cause why
   */
  public static UserError unwritable(Path file, IOException cause) {
    String why =
        cause instanceof NoSuchFileException ? "its folder does not exist" : Reason.of(cause);
    return new UserError(Kind.ACCESS, "%s cannot be written: %s".formatted(file, why), cause);
  }

  /**
   * {@return the sentence for a file that cannot be read}
   *
   * @param file the file
   * @param cause why
   */
  public static UserError unreadable(Path file, IOException cause) {
    return unreadable(file.toString(), cause);
  }

  /**
   * {@return the sentence for what cannot be read}
   *
   * @param what a file, or what else there is to read from
   * @param cause why
   */
  public static UserError unreadable(String what, IOException cause) {
    return cause instanceof NoSuchFileException
        ? new UserError(Kind.MISSING, "%s does not exist".formatted(what), cause)
        : new UserError(
            Kind.ACCESS, "%s cannot be read: %s".formatted(what, Reason.of(cause)), cause);
  }
}
