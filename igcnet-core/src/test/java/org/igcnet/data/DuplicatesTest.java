package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Duplicates.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuplicatesTest {
  private static final ImageShape SHAPE = new ImageShape(1, 2, 2);

  @TempDir Path folder;

  private static Duplicates of(Splits splits) {
    return Duplicates.of(splits, WorkListener.SILENT);
  }

  private static OwnImages images(int... first) {
    byte[][] images =
        IntStream.of(first)
            .mapToObj(value -> new byte[] {(byte) (value >> 8), 3, 4, (byte) value})
            .toArray(byte[][]::new);
    return OwnImages.of(SHAPE, List.of("a", "b"), images, new int[first.length]);
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  @Test
  void storedImagesAreTheSameByTheirPixels() {
    OwnImages train = images(1, 2, 300, 2);
    assertThat(of(OwnImages.splits(train, images(2, 44, 5, 300, 2))))
        .isEqualTo(
            new Duplicates(
                3,
                5,
                false,
                List.of(
                    new Pair("image 0", "image 1"),
                    new Pair("image 3", "image 2"),
                    new Pair("image 4", "image 1"))));
    assertThat(of(OwnImages.splits(train, images(7, 8))))
        .isEqualTo(new Duplicates(0, 2, false, List.of()));
  }

  /** 31 · 0 + 31 and 31 · 1 + 0 are as equal as any hash of so few bits makes images. */
  @Test
  void whatHasTheSameHashIsNotTheSame() {
    byte[][] train = {{0, 31, 0, 0}};
    byte[][] test = {{1, 0, 0, 0}};
    Splits splits =
        OwnImages.splits(
            OwnImages.of(SHAPE, List.of("a"), train, new int[1]),
            OwnImages.of(SHAPE, List.of("a"), test, new int[1]));
    assertThat(Arrays.hashCode(train[0])).isEqualTo(Arrays.hashCode(test[0]));
    assertThat(of(splits).found()).isZero();
  }

  @Test
  void aSetIsNoDuplicateOfItself() throws IOException {
    OwnImages both = images(1, 2);
    assertThat(of(OwnImages.splits(both, both)).found()).isZero();
    assertThat(of(OwnImages.splits(both, images(1, 2))).found()).isEqualTo(2);
    write("a/1.png", "same");
    write("b/1.png", "same");
    assertThat(of(Splits.open("folder:" + folder + ",held-out=0")).found()).isZero();
  }

  /** Of as many bytes, but others; of none; and some that lie in another class. */
  @Test
  void picturesAreTheSameByTheirFilesBytes() throws IOException {
    write("train/a/1.png", "one");
    write("train/a/2.png", "three");
    write("train/b/3.png", "empty is not");
    write("train/b/4.png", "");
    write("test/a/5.png", "seven");
    write("test/a/6.png", "");
    write("test/b/7.jpg", "three");
    write("test/b/8.png", "longer than any");
    assertThat(of(Splits.open("folder:" + folder)))
        .isEqualTo(new Duplicates(1, 4, true, List.of(new Pair("test/b/7.jpg", "train/a/2.png"))));
  }

  @Test
  void aPictureThatHasGoneIsLikeNoOther() throws IOException {
    write("train/a/1.png", "one");
    write("test/a/2.png", "one");
    Splits splits = Splits.open("folder:" + folder);
    assertThat(of(splits).found()).isEqualTo(1);
    Files.delete(folder.resolve("test/a/2.png"));
    assertThat(of(splits).found()).isZero();
  }

  @Test
  void copiesAreFoundOnBothSidesOfWhatIsHeldOut() throws IOException {
    for (int i = 0; i < 20; i++) {
      write("a/" + i + ".png", "always the same");
    }
    Duplicates found = of(Splits.open("folder:" + folder + ",held-out=0.25"));
    assertThat(found.found()).isEqualTo(5);
    assertThat(found.pairs()).hasSize(3);
  }

  @Test
  void picturesInTarFilesAreCalledByTheirMembers() throws IOException {
    tar("train-0.tar", Map.of("x", "one"));
    tar("val-0.tar", Map.of("y", "one"));
    assertThat(of(Splits.open("shards:" + folder)).pairs())
        .containsExactly(new Pair("y.png in val-0.tar", "x.png in train-0.tar"));
  }

  private void tar(String name, Map<String, String> pictures) throws IOException {
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      for (Map.Entry<String, String> picture : pictures.entrySet()) {
        put(out, picture.getKey() + ".png", picture.getValue());
        put(out, picture.getKey() + ".cls", "0");
      }
    }
  }

  private static void put(TarArchiveOutputStream out, String name, String content)
      throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    out.putArchiveEntry(entry);
    out.write(bytes);
    out.closeArchiveEntry();
  }

  /** 12,000 all of which are learned from: of these every sixth is not looked at. */
  @Test
  void ofManyTestImagesSomeAreLookedAt() {
    int[] many = IntStream.range(0, 12_000).toArray();
    Map<String, Long> told = new ConcurrentHashMap<>();
    Duplicates found =
        Duplicates.of(
            OwnImages.splits(images(many), images(many)),
            (what, done, all, unit) ->
                told.merge("%s: %d %s".formatted(what, all, unit), done, Math::max));
    assertThat(found.found()).isEqualTo(10_000);
    assertThat(found.looked()).isEqualTo(10_000);
    assertThat(found.pairs())
        .containsExactly(
            new Pair("image 0", "image 0"),
            new Pair("image 1", "image 1"),
            new Pair("image 2", "image 2"));
    assertThat(told)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "looking for duplicates: 22000 images",
                22_000L,
                "comparing images: 20000 images",
                20_000L));
  }
}
