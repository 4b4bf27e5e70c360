package org.igcnet.data;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;

/**
 * Unpacks a {@code .tar.gz} that holds one folder. An archive that would write anything elsewhere,
 * has anything but files and folders, or is absurdly big is refused whole.
 */
final class Archive {
  private static final int MOST_ENTRIES = 1_000;
  private static final int BUFFER = 1 << 16;

  /** One step of a path: characters that mean nothing to any file system, and not dots alone. */
  private static final Pattern STEP = Pattern.compile("(?!\\.+$)[A-Za-z0-9_.~+-]{1,100}");

  private final String name;
  private final String folder;

  private Archive(String name, String folder) {
    this.name = name;
    this.folder = folder;
  }

  /**
   * Unpacks beside the place where the folder belongs, and moves it there when it is complete. What
   * a process left there that was killed meanwhile goes first.
   *
   * @param archive the file
   * @param name what to call it in messages
   * @param folder the folder that it must hold
   * @param to where that folder goes
   * @param limit most bytes that it may unpack to
   * @throws UserError where the archive is damaged or refused; nothing is left then
   */
  static void unpack(Path archive, String name, String folder, Path to, long limit)
      throws IOException {
    Path scratch = to.resolve(folder + ".part");
    delete(scratch);
    Files.createDirectory(scratch);
    try (InputStream file = Files.newInputStream(archive);
        InputStream bytes = new Bounded(new GZIPInputStream(file, BUFFER), name, limit);
        TarArchiveInputStream tar = new TarArchiveInputStream(bytes)) {
      new Archive(name, folder).unpack(tar, scratch);
      Checksums.write(scratch.resolve(folder));
      Files.move(scratch.resolve(folder), to.resolve(folder), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UserError(Kind.DATA, "%s cannot be unpacked: %s".formatted(name, Reason.of(e)), e);
    } finally {
      delete(scratch);
    }
  }

  private void unpack(TarArchiveInputStream tar, Path scratch) throws IOException {
    Files.createDirectory(scratch.resolve(folder));
    int entries = 0;
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (++entries > MOST_ENTRIES) {
        throw refused(name, "has more than %,d entries".formatted(MOST_ENTRIES));
      }
      checkKind(entry);
      Path target = target(entry, scratch);
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else {
        Files.createDirectories(target.getParent());
        write(tar, target);
      }
    }
    if (entries == 0) {
      throw refused(name, "is empty");
    }
  }

  private void checkKind(TarArchiveEntry entry) {
    boolean plain =
        switch (entry.getLinkFlag()) {
          case TarConstants.LF_DIR, TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM ->
              !entry.isSparse();
          default -> false;
        };
    if (!plain) {
      throw refused(name, "has '%s', which is no plain file or folder".formatted(entry.getName()));
    }
  }

  private Path target(TarArchiveEntry entry, Path scratch) {
    List<String> steps = List.of(entry.getName().split("/", 0));
    boolean inside =
        !steps.isEmpty()
            && steps.getFirst().equals(folder)
            && steps.stream().allMatch(step -> STEP.matcher(step).matches());
    if (!inside) {
      throw refused(name, "has '%s', which is not in '%s/'".formatted(entry.getName(), folder));
    }
    return scratch.resolve(String.join("/", steps));
  }

  private static void write(TarArchiveInputStream tar, Path target) throws IOException {
    try (FileChannel channel = FileChannel.open(target, CREATE_NEW, WRITE)) {
      tar.transferTo(Channels.newOutputStream(channel));
      channel.force(true);
    }
  }

  private static void delete(Path scratch) throws IOException {
    if (Files.notExists(scratch, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(scratch)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static UserError refused(String name, String why) {
    return new UserError(Kind.DATA, "%s is refused: it %s".formatted(name, why));
  }

  /** Gives no more than so many bytes. */
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private final String name;
    private final long limit;
    private long given;

    Bounded(InputStream in, String name, long limit) {
      this.in = in;
      this.name = name;
      this.limit = limit;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = in.read(to, offset, length);
      given += Math.max(n, 0);
      if (given > limit) {
        throw refused(name, "unpacks to more than %,d bytes".formatted(limit));
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
