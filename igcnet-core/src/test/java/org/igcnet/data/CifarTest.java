package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Cifar.Label;
import org.igcnet.data.Cifar.Layout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarTest {
  /** CIFAR-100's layout, cut down: two training files of three images, a test file of two. */
  private static final Layout SMALL = small(1);

  private static final int RECORD = 2 + 3072;

  @TempDir Path folder;

  private static Layout small(int label) {
    return new Layout(
        "small",
        List.of("one.bin", "two.bin"),
        "test.bin",
        3,
        2,
        List.of(new Label("coarse.txt", 2), new Label("fine.txt", 4)),
        label);
  }

  @BeforeEach
  void write() throws IOException {
    Files.write(folder.resolve("one.bin"), records(0, 3));
    Files.write(folder.resolve("two.bin"), records(3, 3));
    Files.write(folder.resolve("test.bin"), records(6, 2));
    Files.writeString(folder.resolve("fine.txt"), "ant\nbee\ncow\ndog\n\n");
  }

  /** Image i has labels i mod 2 and i mod 4; its value at place p is i + 3·p, modulo 256. */
  private static byte[] records(int first, int count) {
    byte[] bytes = new byte[count * RECORD];
    for (int i = 0; i < count; i++) {
      bytes[i * RECORD] = (byte) ((first + i) % 2);
      bytes[i * RECORD + 1] = (byte) ((first + i) % 4);
      for (int p = 0; p < 3072; p++) {
        bytes[i * RECORD + 2 + p] = (byte) (first + i + 3 * p);
      }
    }
    return bytes;
  }

  private Splits open(Layout layout) {
    return layout.splits("small", folder, WorkListener.SILENT);
  }

  @Test
  void testImagesNeedNoTrainingFiles() throws IOException {
    Files.delete(folder.resolve("one.bin"));
    Files.delete(folder.resolve("two.bin"));
    assertThat(SMALL.test(folder, WorkListener.SILENT).size()).isEqualTo(2);
  }

  @Test
  void imagesComeAsTheyStandInTheFiles() {
    Splits splits = open(SMALL);
    assertThat(splits.train().size()).isEqualTo(6);
    assertThat(splits.test().size()).isEqualTo(2);
    assertThat(splits.train().shape()).isEqualTo(ImageShape.CIFAR);
    byte[] values = new byte[3072];
    for (int i = 0; i < 6; i++) {
      splits.train().read(i, values);
      for (int p = 0; p < 3072; p++) {
        assertThat(values[p]).isEqualTo((byte) (i + 3 * p));
      }
    }
    splits.test().read(1, values);
    assertThat(values[0]).isEqualTo((byte) 7);
  }

  @Test
  void eitherLabelCanBeTheClass() {
    assertThat(labels(open(small(1)).train())).containsExactly(0, 1, 2, 3, 0, 1);
    assertThat(labels(open(small(0)).train())).containsExactly(0, 1, 0, 1, 0, 1);
    assertThat(labels(open(small(1)).test())).containsExactly(2, 3);
  }

  private static int[] labels(Dataset dataset) {
    return IntStream.range(0, dataset.size()).map(dataset::label).toArray();
  }

  @Test
  void classesHaveThePublishedNamesOrPlainOnes() throws IOException {
    assertThat(open(SMALL).test().classes()).containsExactly("ant", "bee", "cow", "dog");
    assertThat(open(small(0)).test().classes()).containsExactly("class 0", "class 1");
    for (String odd : List.of("", "ant\nbee\n", "a\nb\nc\na\n", "a\nb\nc\n\u001b[2J\n")) {
      Files.writeString(folder.resolve("fine.txt"), odd);
      assertThat(open(SMALL).train().classes())
          .containsExactly("class 0", "class 1", "class 2", "class 3");
    }
  }

  @Test
  void theFolderAroundTheFolderWillDo() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("outer").resolve("small"));
    for (String file : List.of("one.bin", "two.bin", "test.bin")) {
      Files.move(folder.resolve(file), inner.resolve(file));
    }
    assertThat(SMALL.splits("small", folder.resolve("outer"), WorkListener.SILENT).train().size())
        .isEqualTo(6);
    assertThatThrownBy(() -> open(SMALL))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "'%s' is neither a folder with small in it nor that folder itself, which holds"
                + " one.bin, two.bin and test.bin",
            folder);
  }

  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = folder.resolve("two.bin");
    byte[] right = records(3, 3);

    Files.write(file, Arrays.copyOf(right, right.length - 1));
    assertRefused("'%s' has 9,221 bytes, not the 9,222 of 3 images of 3,074 bytes", file);

    Files.write(file, Arrays.copyOf(right, 2 * RECORD));
    assertRefused("'%s' has 6,148 bytes, not the 9,222 of 3 images of 3,074 bytes", file);

    Files.write(file, Arrays.copyOf(right, right.length + 1));
    assertRefused("'%s' has 9,223 bytes, not the 9,222 of 3 images of 3,074 bytes", file);

    Files.delete(file);
    assertRefused("'%s' is missing; it would have 9,222 bytes (3 images of 3,074)", file);

    Files.createDirectory(file);
    assertRefused("'%s' is missing; it would have 9,222 bytes (3 images of 3,074)", file);
  }

  @Test
  void labelsOutOfRangeAreRefused() throws IOException {
    Path file = folder.resolve("test.bin");
    byte[] bytes = records(6, 2);
    bytes[RECORD + 1] = 4;
    Files.write(file, bytes);
    assertRefused("image 1 of '%s' has label 4, but labels go from 0 to 3", file);

    bytes[0] = -1;
    Files.write(file, bytes);
    assertRefused("image 0 of '%s' has label 255, but labels go from 0 to 1", file);
  }

  private void assertRefused(String message, Path file) {
    assertThatThrownBy(() -> open(SMALL))
        .isInstanceOf(UserError.class)
        .hasMessage(message.formatted(file));
  }

  @Test
  void unknownDataIsRefused() {
    assertThatThrownBy(() -> Splits.open("mnist:/data"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "unknown data 'mnist:/data'; there are shapes, shapes:SEED, cifar10:DIR, cifar100:DIR,"
                + " cifar100-coarse:DIR, svhn:DIR, svhn-validation:DIR, imagenet:DIR, shards:DIR,"
                + " folder:DIR");
    assertThatThrownBy(() -> Splits.open("cifar10"))
        .isInstanceOf(UserError.class)
        .hasMessage("'cifar10' names no folder; cifar10:DIR would be right");
    assertThatThrownBy(() -> Splits.open("cifar100:/no/such/folder"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'/no/such/folder' is neither a folder with cifar-100-binary in it");
    assertThatThrownBy(() -> Splits.open("shapes:x"))
        .isInstanceOf(UserError.class)
        .hasMessage("the seed in 'shapes:x' is not a whole number; shapes:1 would be right");
  }

  @Test
  void cifar10IsTheRealOne() throws Exception {
    Splits splits = Splits.open("cifar10:" + RealData.folder());
    assertThat(splits.train().size()).isEqualTo(50_000);
    assertThat(splits.test().size()).isEqualTo(10_000);
    assertThat(splits.train().classes()).hasSize(10).contains("airplane", "cat", "truck");
    assertBalanced(splits.train(), 10, 5_000);
    assertBalanced(splits.test(), 10, 1_000);
    Normalization normalization = Normalization.of(splits.train());
    assertClose(normalization.mean(), 125.3f, 123.0f, 113.9f);
    assertClose(normalization.deviation(), 63.0f, 62.1f, 66.7f);
  }

  @Test
  void cifar100IsTheRealOne() throws Exception {
    Splits fine = Splits.open("cifar100:" + RealData.folder());
    assertThat(fine.train().classes()).hasSize(100).startsWith("apple").endsWith("worm");
    assertBalanced(fine.train(), 100, 500);
    assertBalanced(fine.test(), 100, 100);
    assertClose(Normalization.of(fine.train()).mean(), 129.3f, 124.1f, 112.4f);

    Splits coarse = Splits.open("cifar100-coarse:" + RealData.folder().resolve("cifar-100-binary"));
    assertThat(coarse.train().classes()).hasSize(20).startsWith("aquatic_mammals");
    assertBalanced(coarse.train(), 20, 2_500);
    assertBalanced(coarse.test(), 20, 500);
  }

  private static void assertBalanced(Dataset dataset, int classes, int each) {
    int[] counts = new int[classes];
    for (int label : labels(dataset)) {
      counts[label]++;
    }
    assertThat(counts).containsOnly(each);
  }

  private static void assertClose(List<Float> found, float... wanted) {
    assertThat(found).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(found.get(i)).isCloseTo(wanted[i], within(0.06f));
    }
  }
}
