package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that is not what was published is refused, and no run folder is left behind. */
class BadDataIT {
  private static final int RECORD = 1 + 3 * 32 * 32;
  private static final long FILE = 10_000L * RECORD;

  @TempDir private Path parent;
  private Path work;
  private Path data;

  /** CIFAR-10 with nothing but black pictures of the class 0, in files without content on disk. */
  @BeforeEach
  void writeBlackCifar() throws IOException {
    work = Files.createDirectory(parent.resolve("work"));
    data = Files.createDirectories(parent.resolve("data/cifar-10-batches-bin"));
    for (int i = 1; i <= 5; i++) {
      setLength("data_batch_%d.bin".formatted(i), FILE);
    }
    setLength("test_batch.bin", FILE);
  }

  @Test
  void truncated() throws IOException {
    setLength("data_batch_3.bin", FILE - 1);
    assertThat(refusal()).contains("data_batch_3.bin", "30,729,999 bytes", "30,730,000");
  }

  @Test
  void oversized() throws IOException {
    setLength("test_batch.bin", FILE + RECORD);
    assertThat(refusal()).contains("test_batch.bin", "30,733,073 bytes", "30,730,000");
  }

  @Test
  void missing() throws IOException {
    Files.delete(data.resolve("data_batch_5.bin"));
    assertThat(refusal()).contains("data_batch_5.bin", "is missing", "30,730,000 bytes");
  }

  @Test
  void mislabelled() throws IOException {
    try (RandomAccessFile file = open("data_batch_1.bin")) {
      file.seek(77L * RECORD);
      file.write(10);
    }
    assertThat(refusal()).contains("data_batch_1.bin", "image 77", "label 10", "0 to 9");
  }

  private String refusal() {
    Finished finished =
        Launcher.in(work).run("train", "--data", "cifar10:" + data.getParent(), "--out", "run");
    assertThat(work).isEmptyDirectory();
    return finished.refusal();
  }

  private void setLength(String name, long length) throws IOException {
    try (RandomAccessFile file = open(name)) {
      file.setLength(length);
    }
  }

  private RandomAccessFile open(String name) throws IOException {
    return new RandomAccessFile(data.resolve(name).toFile(), "rw");
  }
}
