package org.igcnet.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A folder that one process at a time may write to. The system frees the lock when the process
 * ends, however it ends; its empty file {@value #FILE} stays.
 */
public final class FolderLock implements AutoCloseable {
  public static final String FILE = ".lock";

  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes a folder that exists.
   *
   * @return nothing where it is taken already
   * @throws org.igcnet.UserError where the lock's file cannot be written
   */
  public static Optional<FolderLock> take(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return Optional.of(new FolderLock(file, channel));
      }
      channel.close();
      return Optional.empty();
    } catch (IOException e) {
      throw WholeFile.unwritable(file, e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }

  /** Lets others take the folder. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw WholeFile.unwritable(file, e);
    }
  }
}
