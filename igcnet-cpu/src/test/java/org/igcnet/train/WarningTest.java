package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.data.Augmentation;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.Part;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.data.StoredImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarningTest {
  private static final StoredImages MANY = Shapes.train(1, 800);

  @Test
  void nothingIsSaidOfEnoughImagesAndSteps() {
    assertThat(ClassCounts.of(MANY).least()).isGreaterThanOrEqualTo(50);
    assertThat(Warning.of(new Splits("many", MANY, Shapes.test(1, 30)), 200)).isEmpty();
  }

  @Test
  void fewImagesStepsAndTestImagesAreToldWithTheirNumbers() {
    StoredImages few = Shapes.train(1, 100);
    ClassCounts counts = ClassCounts.of(few);
    assertThat(facts(few, Shapes.test(1, 8), 199))
        .containsExactly(
            "10 of 10 classes have fewer than 50 images to learn from; the smallest is %s with %d"
                .formatted(counts.smallest(), counts.least()),
            "the training makes 199 steps in all; fewer than 200 seldom teach a network much",
            "the accuracy is that of 8 test images, each of which counts for 12.5 percentage points; fewer than 30 say little");
  }

  @Test
  void whatIsLearnedFromIsNoTestThatCouldBeTooSmall() {
    StoredImages few = Shapes.train(1, 20);
    assertThat(Warning.of(new Splits("same", few, few), 200))
        .noneMatch(Warning.FewTested.class::isInstance);
  }

  @Test
  void aValidationSetIsCalledOne() {
    Splits splits = new Splits("own", MANY, Shapes.test(1, 8), Part.VALIDATION, List.of());
    assertThat(Warning.of(splits, 200))
        .extracting(Warning::fact)
        .containsExactly(
            "the accuracy is that of 8 validation images, each of which counts for 12.5 percentage points; fewer than 30 say little");
  }

  /** Of three pictures a tenth is none, of one a half is all. */
  @Test
  void aClassTooSmallForItsShareIsToldOrRefused(@TempDir Path folder) throws IOException {
    for (String picture : List.of("a/0", "a/1", "a/2", "c/0", "c/1")) {
      write(folder, picture);
    }
    for (int i = 0; i < 40; i++) {
      write(folder, "b/" + i);
    }
    Splits splits = Splits.open("folder:" + folder + ",size=32");
    assertThat(Warning.of(splits, 200))
        .filteredOn(Warning.NoneHeldOut.class::isInstance)
        .extracting(Warning::fact)
        .containsExactly(
            "of 2 of 3 classes no image is held out, as they have so few, and the accuracy says nothing of them; the smallest is c with 2");
    assertThat(share(2)).hasValue(0.25);
    assertThat(share(3)).hasValue(0.17);
    assertThat(share(1)).isEmpty();
    assertThat(Warning.of(Splits.open("folder:" + folder + ",size=32,held-out=0.25"), 200))
        .noneMatch(Warning.NoneHeldOut.class::isInstance);

    Splits all = Splits.open("folder:" + folder + ",size=32,held-out=0.8");
    Path run = folder.resolveSibling("run");
    assertThatThrownBy(
            () ->
                TrainingRun.start(
                    run,
                    Architecture.cifar("RegConv-W4", 5, 3),
                    all,
                    Recipe.paper(false, 1, Augmentation.SCALE_AND_MIRROR, 1),
                    Compute.threads(1)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "folder:%s,size=32,held-out=0.8 holds out all 2 images of the class 'c', so that none is left to learn it from; a smaller share, or more images of it, would be right",
            folder);
    assertThat(run).doesNotExist();
  }

  private static void write(Path folder, String picture) throws IOException {
    write(folder, picture, 8, 0);
  }

  private static void write(Path folder, String picture, int side, int colour) throws IOException {
    Path file = folder.resolve(picture + ".png");
    Files.createDirectories(file.getParent());
    BufferedImage image = new BufferedImage(side + 3, side, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, colour);
    ImageIO.write(image, "png", file.toFile());
  }

  @Test
  void classesWithVeryFewImagesAreNamed() {
    List<String> names = List.of("a", "b", "c", "d", "e", "f");
    assertThat(new Warning.FewImages(3, new ClassCounts(names, List.of(50, 9, 12, 70, 3, 99))))
        .extracting(Warning::fact)
        .isEqualTo(
            "3 of 6 classes have fewer than 50 images to learn from, 2 of them fewer than 10: e 3, b 9");
    assertThat(new Warning.FewImages(6, new ClassCounts(names, List.of(1, 9, 10, 0, 3, 5))))
        .extracting(Warning::fact)
        .isEqualTo(
            "6 of 6 classes have fewer than 50 images to learn from, 5 of them fewer than 10: d 0, a 1, e 3 and 2 more");
  }

  /**
   * Of ten pictures to learn from two are small, of eleven with a larger one just above a tenth.
   */
  @Test
  void picturesFarBelowTheSizeAreTold(@TempDir Path folder) throws IOException {
    write(folder, "train/a/0", 15, 0);
    write(folder, "train/a/1", 9, 1);
    for (int i = 2; i < 10; i++) {
      write(folder, (i < 6 ? "train/a/" : "train/b/") + i, 16 + i, i);
    }
    write(folder, "test/a/0", 5, 77);
    Splits splits = Splits.open("folder:" + folder + ",size=32");
    assertThat(Warning.of(splits, 200))
        .filteredOn(Warning.SmallPictures.class::isInstance)
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.fact())
                  .isEqualTo(
                      "of 10 pictures that were looked at 2 have a shorter side of less than half of what the network takes, 32 pixels; the smallest has 9");
              assertThat(((Warning.SmallPictures) warning).fittingSize()).isEqualTo(30);
            });
    assertThat(Warning.of(Splits.open("folder:" + folder + ",size=30"), 200))
        .noneMatch(Warning.SmallPictures.class::isInstance);
  }

  @Test
  void testPicturesThatAreLearnedFromTooAreTold(@TempDir Path folder) throws IOException {
    for (int i = 0; i < 6; i++) {
      write(folder, "train/a/" + i, 32, i);
      write(folder, "train/b/" + i, 32, 10 + i);
      write(folder, "val/a/" + i, 32, i < 4 ? i : 20 + i);
    }
    assertThat(Warning.of(Splits.open("folder:" + folder + ",size=32"), 200))
        .filteredOn(Warning.LearnedToo.class::isInstance)
        .extracting(Warning::fact)
        .containsExactly(
            "4 of 6 validation images are also among those to learn from, which may make the accuracy 66.67 percentage points too good: val/a/0.png is train/a/0.png, val/a/1.png is train/a/1.png, val/a/2.png is train/a/2.png, …");
    assertThat(Warning.of(new Splits("two", MANY, Shapes.train(1, 40)), 200))
        .extracting(Warning::fact)
        .containsExactly(
            "40 of 40 test images are also among those to learn from, which may make the accuracy 100.00 percentage points too good: image 0 is image 0, image 1 is image 1, image 2 is image 2, …");
  }

  private static OptionalDouble share(int images) {
    return new Warning.NoneHeldOut(1, new ClassCounts(List.of("a"), List.of(images)), "a", images)
        .share();
  }

  private static List<String> facts(StoredImages train, StoredImages test, long steps) {
    return Warning.of(new Splits("few", train, test), steps).stream().map(Warning::fact).toList();
  }

  @Test
  void classesAreToldWithTheirCountsAndOfManyTheSmallest() {
    assertThat(new ClassCounts(List.of("cat", "dog"), List.of(1200, 3)))
        .hasToString("cat 1,200, dog 3");
    List<String> names = IntStream.range(0, 100).mapToObj(i -> "c" + i).toList();
    List<Integer> counts = IntStream.range(0, 100).mapToObj(i -> i == 7 ? 4 : 500 + i % 2).toList();
    assertThat(new ClassCounts(names, counts))
        .hasToString("100 of 4 to 501 images, the smallest c7 4, c0 500, c2 500");
    assertThat(new ClassCounts(names, counts.stream().map(_ -> 500).toList()))
        .hasToString("100 of 500 images each");
    List<String> thousand = IntStream.range(0, 1_000).mapToObj(i -> "n%04d".formatted(i)).toList();
    List<Integer> falling = IntStream.range(0, 1_000).mapToObj(i -> 1_300 - i).toList();
    assertThat(new ClassCounts(thousand, falling))
        .hasToString("1,000 of 301 to 1,300 images, the smallest n0999 301, n0998 302, n0997 303");
  }
}
