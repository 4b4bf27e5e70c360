package org.igcnet.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.igcnet.ConcurrentTest;
import org.igcnet.Threads;
import org.igcnet.Threads.Started;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that one owner at a time may write to, in this process and in others. */
class FolderLockTest {
  @TempDir Path folder;

  /** Tries to take a folder in a process of its own, and ends with 0 where it can. */
  static final class Other {
    private Other() {}

    public static void main(String[] arguments) {
      System.exit(FolderLock.take(Path.of(arguments[0])).isPresent() ? 0 : 3);
    }

    static boolean takes(Path folder) throws IOException, InterruptedException {
      Process process =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Other.class.getName(),
                  folder.toString())
              .inheritIO()
              .start();
      int code = process.waitFor();
      assertThat(code).isIn(0, 3);
      return code == 0;
    }
  }

  @Test
  void aRefusedSecondLockLeavesTheFirst() throws Exception {
    FolderLock first = FolderLock.take(folder).orElseThrow();
    assertThat(FolderLock.take(folder)).isEmpty();
    assertThat(Other.takes(folder)).as("another process").isFalse();
    first.close();
    assertThat(Other.takes(folder)).as("another process, after").isTrue();
  }

  @Test
  void whoLooksWhetherAFolderIsTakenTakesNothingAndFreesNothing() throws Exception {
    assertThat(FolderLock.isTaken(folder)).as("never").isFalse();
    assertThat(folder).isEmptyDirectory();
    FolderLock taken = FolderLock.take(folder).orElseThrow();
    assertThat(FolderLock.isTaken(folder)).as("now").isTrue();
    assertThat(Other.takes(folder)).as("another process").isFalse();
    taken.close();
    assertThat(FolderLock.isTaken(folder)).as("no more").isFalse();
    FolderLock.take(folder).orElseThrow().close();
  }

  @Test
  void everyPathToAFolderIsOneLock() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
    try (FolderLock first = FolderLock.take(folder).orElseThrow()) {
      assertThat(first.warning()).isEmpty();
      assertThat(FolderLock.take(link)).isEmpty();
      assertThat(FolderLock.take(folder.resolve("link/link/."))).isEmpty();
      assertThat(Other.takes(link)).isFalse();
    }
    FolderLock.take(link).orElseThrow().close();
  }

  @Test
  void closingTwiceDoesNotFreeTheNextOwnersLock() {
    FolderLock first = FolderLock.take(folder).orElseThrow();
    first.close();
    FolderLock second = FolderLock.take(folder).orElseThrow();
    first.close();
    assertThat(FolderLock.take(folder)).isEmpty();
    second.close();
    FolderLock.take(folder).orElseThrow().close();
  }

  @ConcurrentTest
  void oneOfManyThreadsTakesIt() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger owners = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    Started[] threads = new Started[4];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Threads.start(
              () -> {
                Threads.pass(go);
                for (int round = 0; round < 20; round++) {
                  Optional<FolderLock> lock = FolderLock.take(folder);
                  if (lock.isPresent()) {
                    assertThat(owners.incrementAndGet()).isEqualTo(1);
                    taken.incrementAndGet();
                    owners.decrementAndGet();
                    lock.get().close();
                  }
                }
              });
    }
    go.countDown();
    for (Started thread : threads) {
      thread.finish();
    }
    assertThat(taken).hasPositiveValue();
  }

  @Test
  void aFileSystemWithoutLocksIsSaidAndNotRefused() {
    FolderLock.FileLocks none =
        _ -> {
          throw new IOException("No locks available");
        };
    try (FolderLock lock = FolderLock.take(folder, none).orElseThrow()) {
      assertThat(lock.warning())
          .contains(
              folder
                  + " lies on a file system without locks (No locks available), so nothing keeps another process from writing to it too");
      assertThat(FolderLock.take(folder, none)).as("a second owner in this process").isEmpty();
    }
    FolderLock.take(folder, none).orElseThrow().close();
  }

  @Test
  void aLockOfAnotherProcessIsRespected() {
    assertThat(FolderLock.take(folder, _ -> null)).isEmpty();
    FolderLock.take(folder).orElseThrow().close();
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedAndNotTaken() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> FolderLock.take(missing))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(missing.resolve(".lock") + " cannot be written");
    Files.createDirectory(missing);
    FolderLock.take(missing).orElseThrow().close();
    Path file = missing.resolve(FolderLock.FILE);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      assertThat(channel.size()).isZero();
    }
  }
}
