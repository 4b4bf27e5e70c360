package org.igcnet.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.igcnet.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A folder that one process at a time may write to, and one owner in it. The system frees the lock
 * when the process ends, however it ends; its empty file {@value #FILE} stays.
 *
 * <p>Some file systems know no locks. A folder there can be taken all the same, and {@link
 * #warning} says what that means.
 */
public final class FolderLock implements AutoCloseable {
  /** The name of the file that is locked. */
  public static final String FILE = ".lock";

  /**
   * The locks' files that this process has locked, each by what it is and not by one of its paths.
   * The system's lock belongs to the whole process and ends when any channel to its file is closed,
   * so the file must not be opened a second time.
   */
  private static final Set<Object> LOCKED = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Object identity;
  private final FileChannel channel;
  private final Optional<String> warning;

  private FolderLock(Path file, Object identity, FileChannel channel, Optional<String> warning) {
    this.file = file;
    this.identity = identity;
    this.channel = channel;
    this.warning = warning;
  }

  /** The file system's way to lock a file. */
  @FunctionalInterface
  interface FileLocks {
    /** Returns null where another process has locked it. */
    @Nullable FileLock tryLock(FileChannel channel) throws IOException;
  }

  /**
   * Takes a folder that exists.
   *
   * @param folder which exists
   * @return nothing where it is taken already, by another process or in this one
   * @throws org.igcnet.UserError where the lock's file cannot be written
   */
  public static Optional<FolderLock> take(Path folder) {
    return take(folder, FileChannel::tryLock);
  }

  static Optional<FolderLock> take(Path folder, FileLocks locks) {
    Path file = folder.resolve(FILE);
    try {
      Object identity = identity(file);
      if (!LOCKED.add(identity)) {
        return Optional.empty();
      }
      Optional<FolderLock> taken = Optional.empty();
      try {
        taken = take(folder, file, identity, locks);
        return taken;
      } finally {
        if (taken.isEmpty()) {
          LOCKED.remove(identity);
        }
      }
    } catch (IOException e) {
      throw WholeFile.unwritable(file, e);
    }
  }

  /**
   * The same for every path to a file: its number in its file system, where it has one. Makes the
   * file where there is none; one that is there is not opened.
   */
  private static Object identity(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException madeBefore) {
      // Somebody has taken the folder, or did so once.
    }
    return key(file);
  }

  private static Object key(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key == null ? file.toRealPath() : key;
  }

  private static Optional<FolderLock> take(Path folder, Path file, Object identity, FileLocks locks)
      throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    try {
      if (locks.tryLock(channel) != null) {
        return Optional.of(new FolderLock(file, identity, channel, Optional.empty()));
      }
    } catch (IOException noLocks) {
      String warning =
          "%s lies on a file system without locks (%s), so nothing keeps another process from writing to it too"
              .formatted(folder, Reason.of(noLocks));
      return Optional.of(new FolderLock(file, identity, channel, Optional.of(warning)));
    }
    channel.close();
    return Optional.empty();
  }

  /**
   * {@return whether somebody has taken a folder, another process or one in this one} To see it,
   * the lock is tried for a moment. Where the file system knows no locks nobody has.
   *
   * @param folder which may also be one that cannot be written into
   */
  public static boolean isTaken(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      Object key = key(file);
      if (!LOCKED.add(key)) {
        return true;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return channel.tryLock(0, Long.MAX_VALUE, true) == null;
      } finally {
        LOCKED.remove(key);
      }
    } catch (IOException neverTaken) {
      return false;
    }
  }

  /**
   * {@return what is to say to the user where the file system knows no locks: a sentence, without
   * its full stop}
   */
  public Optional<String> warning() {
    return warning;
  }

  /** Lets others take the folder. To do so again changes nothing. */
  @Override
  public synchronized void close() {
    if (channel.isOpen()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw WholeFile.unwritable(file, e);
      } finally {
        LOCKED.remove(identity);
      }
    }
  }
}
