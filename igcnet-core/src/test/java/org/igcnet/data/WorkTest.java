package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of long work: of each piece the furthest. */
class WorkTest {
  private record Reached(long done, long all, String unit) {
    Reached further(Reached other) {
      return other.done > done ? other : this;
    }
  }

  @TempDir Path folder;
  private final Map<String, Reached> told = Collections.synchronizedMap(new LinkedHashMap<>());

  private void hear(String what, long done, long all, String unit) {
    told.merge(what, new Reached(done, all, unit), Reached::further);
  }

  @Test
  void picturesAreFoundLookedAtAndMeasured() throws IOException {
    PictureFiles.folder(folder, 2, 8);
    Splits splits = Splits.fitting(DataSpec.parse("folder:" + folder), this::hear);
    assertThat(told)
        .containsOnly(
            Map.entry("finding pictures", new Reached(16, 0, "pictures")),
            Map.entry("looking at sizes", new Reached(16, 16, "pictures")));
    assertThat(splits.train().normalization().mean()).hasSize(3);
    assertThat(told).containsEntry("measuring colours", new Reached(14, 14, "images"));
  }

  @Test
  void picturesAreFoundAgainByTheirListing() throws IOException {
    PictureFiles.folder(folder, 2, 8);
    Splits splits = Splits.open("folder:" + folder);
    TrainingData data =
        new TrainingData(
            splits.spec(),
            splits.folder(),
            splits.train().classes(),
            splits.train().shape(),
            splits.train().normalization(),
            splits.listing(),
            Optional.of(splits.files().toList()));
    data.again(Optional.empty(), this::hear);
    assertThat(told)
        .containsOnly(Map.entry("finding pictures again", new Reached(16, 16, "pictures")));
  }

  /** Two files of three megabytes and a little, each gone through twice. */
  @Test
  void tarFilesAreGoneThroughTwice() throws IOException {
    for (String name : List.of("train-0.tar", "val-0.tar")) {
      try (TarArchiveOutputStream tar =
          new TarArchiveOutputStream(Files.newOutputStream(folder.resolve(name)))) {
        for (int key = 0; key < 3; key++) {
          add(tar, key + ".jpg", new byte[1_000_000]);
          add(tar, key + ".cls", new byte[] {'0'});
        }
      }
    }
    Splits.open(DataSpec.parse("shards:" + folder), this::hear);
    assertThat(told)
        .containsOnly(Map.entry("finding pictures in tar files", new Reached(12, 12, "MB")));
  }

  private static void add(TarArchiveOutputStream tar, String name, byte[] bytes)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    tar.putArchiveEntry(entry);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  @Test
  void aFileIsReadByTheMegabyte() throws IOException {
    byte[] bytes = new byte[2_500_000];
    Path file = Files.write(folder.resolve("train_32x32.mat"), bytes);
    try (InputStream in = Work.reading(file, this::hear)) {
      assertThat(in.read()).isZero();
      assertThat(in.readAllBytes()).hasSize(bytes.length - 1);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(told).containsOnly(Map.entry("reading train_32x32.mat", new Reached(2, 2, "MB")));
  }

  @Test
  void filesOfAFolderAreCounted() throws IOException {
    PictureFiles.folder(folder, 2, 3);
    assertThat(Picture.below(folder, this::hear)).hasSize(6);
    assertThat(told).containsOnly(Map.entry("finding pictures", new Reached(6, 0, "pictures")));
  }
}
