package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which images a network is scored with, and whether a training finds its data again. */
class TrainingDataTest {
  @TempDir Path parent;
  private Path photos = Path.of("");

  @BeforeEach
  void write() throws IOException {
    photos = PictureFiles.folder(parent.resolve("photos"), 2, 20);
  }

  /** What a training on them remembers. */
  private static TrainingData remembered(String data, boolean files) {
    Splits splits = Splits.open(data);
    return new TrainingData(
        splits.spec(),
        Optional.of(DataSpec.parse(data).folder().toAbsolutePath()),
        splits.train().classes(),
        splits.train().shape(),
        splits.train().normalization(),
        Optional.of(ListedFile.sha256(splits.files())),
        files ? Optional.of(splits.files().toList()) : Optional.empty());
  }

  /** What an older version wrote. */
  private static TrainingData old(String data) {
    TrainingData now = remembered(data, false);
    return new TrainingData(
        data,
        Optional.empty(),
        now.classes(),
        now.shape(),
        now.normalization(),
        Optional.empty(),
        Optional.empty());
  }

  private String photos(String options) {
    return "folder:" + photos + options;
  }

  private static Scored score(TrainingData trained, String data) {
    return trained.toScore(DataSpec.parse(data), WorkListener.SILENT);
  }

  @Test
  void ofTheTrainingsOwnDataWhatItHeldOutIsScored() throws IOException {
    String data = photos(",size=16,held-out=0.3:7");
    TrainingData trained = remembered(data, false);
    Path moved = parent.resolve("moved");
    Files.move(photos, moved);
    Files.createSymbolicLink(photos, moved);
    for (Scored scored :
        List.of(
            trained.toScore(UnaryOperator.identity(), WorkListener.SILENT),
            score(trained, photos("")),
            score(trained, "folder:" + moved),
            score(trained, "imagenet:" + moved),
            score(old(data), photos("")),
            score(old(data), "folder:" + moved))) {
      assertThat(scored.part()).isEqualTo(Part.HELD_OUT);
      assertThat(scored.own()).isTrue();
      assertThat(scored.images().size()).isEqualTo(12);
      assertThat(scored.spec()).endsWith(",size=16,held-out=0.3:7");
      assertThat(PictureSetTest.contents(scored.images()))
          .isEqualTo(PictureSetTest.contents(Splits.open(data).test()));
    }
    assertThat(trained.toScore(UnaryOperator.identity(), WorkListener.SILENT))
        .hasToString("the 12 validation images of " + data + " that the training held out");
  }

  /**
   * Whatever was held out of {@code train} then, a {@code val} beside it was known from the first.
   */
  @Test
  void anOlderTrainingGoesOnWithTheTestSetThatItKnew() throws IOException {
    for (String test : List.of("val", "valid", "VAL")) {
      Path at = parent.resolve("with-" + test);
      PictureFiles.folder(at.resolve("train"), 2, 20);
      TrainingData old = old("folder:" + at + ",size=16");
      Splits before = old.again(Optional.empty(), WorkListener.SILENT);
      PictureFiles.folder(at.resolve(test), 2, 3);
      Splits after = old.again(Optional.empty(), WorkListener.SILENT);
      assertThat(before.test().size()).isEqualTo(4);
      if (test.equals("val")) {
        assertThat(after.test().size()).isEqualTo(6);
        assertThat(after.tested()).isEqualTo(Part.VALIDATION);
      } else {
        assertThat(PictureSetTest.contents(after.test()))
            .isEqualTo(PictureSetTest.contents(before.test()));
        assertThat(after.tested()).isEqualTo(Part.HELD_OUT);
      }
    }
  }

  @Test
  void aShareThatIsGivenIsTaken() {
    TrainingData trained = remembered(photos(",size=16"), false);
    assertThat(
            trained.toScore(data -> data.withHeldOut("0.5"), WorkListener.SILENT).images().size())
        .isEqualTo(20);
    Scored all = score(trained, photos(",held-out=0"));
    assertThat(all.images().size()).isEqualTo(40);
    assertThat(all.part()).isEqualTo(Part.TRAINING);
    assertThat(trained.toScore(UnaryOperator.identity(), WorkListener.SILENT).images().size())
        .isEqualTo(4);
  }

  @Test
  void otherDataAreScoredWholeOrByTheirTestSet() throws IOException {
    TrainingData trained = remembered(photos(",size=16"), true);
    Path other = PictureFiles.folder(parent.resolve("other"), 2, 15);
    Scored whole = score(trained, "folder:" + other);
    assertThat(whole).hasToString("all 30 images of folder:" + other + ",size=16");
    assertThat(whole.own()).isFalse();
    assertThat(score(trained, "folder:" + other + ",held-out=0.2").images().size()).isEqualTo(6);
    Path apart = parent.resolve("apart");
    PictureFiles.folder(apart.resolve("train"), 2, 9);
    PictureFiles.folder(apart.resolve("val"), 2, 3);
    assertThat(score(trained, "folder:" + apart))
        .hasToString("the 6 test images of folder:" + apart + ",size=16");
    assertThat(score(trained, "folder:" + apart.resolve("train")).images().size()).isEqualTo(18);
    Files.move(apart.resolve("train"), parent.resolve("elsewhere"));
    assertThat(score(trained, "folder:" + apart).images().size()).isEqualTo(6);
  }

  @Test
  void aValidationSetOfItsOwnStaysOneWhereverItLies() throws IOException {
    Path apart = parent.resolve("apart");
    PictureFiles.folder(apart.resolve("train"), 2, 9);
    PictureFiles.folder(apart.resolve("val"), 2, 3);
    String data = "folder:" + apart + ",size=16";
    for (TrainingData trained :
        new TrainingData[] {remembered(data, true), remembered(data, false), old(data)}) {
      Scored scored = trained.toScore(UnaryOperator.identity(), WorkListener.SILENT);
      assertThat(scored).hasToString("the 6 validation images of " + data);
      assertThat(scored.kind()).isEqualTo("validation images");
    }
    TrainingData trained = remembered(data, true);
    Files.delete(apart.resolve("val/a/000.jpg"));
    Splits again = trained.again(Optional.empty(), WorkListener.SILENT);
    assertThat(again.tested()).isEqualTo(Part.VALIDATION);
    assertThat(again.files().filter(ListedFile::test).count()).isEqualTo(6);
  }

  @Test
  void classesAreKnownByTheirNames() throws IOException {
    PictureFiles.folder(parent.resolve("three"), 3, 10);
    TrainingData trained = remembered("folder:" + parent.resolve("three") + ",size=16", true);
    Path some = PictureFiles.folder(parent.resolve("some"), 3, 2);
    Files.move(some.resolve("a"), parent.resolve("away"));
    Scored scored = score(trained, "folder:" + some);
    assertThat(scored.images().classes()).containsExactly("a", "b", "c");
    assertThat(IntStream.range(0, 4).map(scored.images()::label)).containsExactly(1, 1, 2, 2);
    assertThat(scored)
        .hasToString(
            "all 4 images of folder:%s,size=16, which show 2 of the 3 classes".formatted(some));
    Files.move(some.resolve("b"), some.resolve("x"));
    assertThatThrownBy(() -> score(trained, "folder:" + some))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "'%s' has the class 'x', which the training did not know; it knew a, b, c", some);
    assertThatThrownBy(() -> score(trained, "shapes"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("the model takes images of");
  }

  @Test
  void dataThatChangedSinceAreNotTakenForTheSame() throws IOException {
    TrainingData trained = remembered(photos(",size=16"), false);
    Files.copy(photos.resolve("a/000.jpg"), photos.resolve("a/new.jpg"));
    for (Runnable scoring :
        List.<Runnable>of(
            () -> trained.toScore(UnaryOperator.identity(), WorkListener.SILENT),
            () -> score(trained, photos("")))) {
      assertThatThrownBy(scoring::run)
          .isInstanceOf(UserError.class)
          .hasMessageContaining("no longer holds just the pictures that the model was trained on");
    }
    assertThat(trained.toScore(data -> data.withHeldOut("0"), WorkListener.SILENT).images().size())
        .isEqualTo(41);
  }

  /** With its listing a training finds each picture's place, whatever came or went. */
  @Test
  void withTheListingAFewMayComeAndGo() throws IOException {
    String data = photos(",size=16");
    TrainingData trained = remembered(data, true);
    Dataset held = Splits.open(data).test();
    int first = PictureSetTest.contents(held).size();
    Files.copy(photos.resolve("a/000.jpg"), photos.resolve("a/000 new.jpg"));
    Files.delete(photos.resolve("a/010.jpg"));
    Files.writeString(photos.resolve("b/011.jpg"), "other");
    Splits again = trained.again(Optional.empty(), WorkListener.SILENT);
    assertThat(again.train().size()).isEqualTo(36);
    assertThat(again.test().size()).isEqualTo(4);
    assertThat(again.spec()).isEqualTo(data + ",held-out=0.1");
    assertThat(again.leftAlone())
        .extracting(LeftAlone::toString)
        .containsExactly(
            "2 pictures gone or changed since the training began (a/010.jpg, …)",
            "1 picture that came after the training began (a/000 new.jpg)");
    assertThat(again.files().map(ListedFile::line))
        .isEqualTo(trained.files().orElseThrow().stream().map(ListedFile::line).toList());
    Scored scored = trained.toScore(UnaryOperator.identity(), WorkListener.SILENT);
    assertThat(scored.images().size()).isEqualTo(first);
    assertThat(PictureSetTest.contents(scored.images())).isEqualTo(PictureSetTest.contents(held));
    for (int i = 0; i < 4; i++) {
      Files.deleteIfExists(photos.resolve("b/%03d.jpg".formatted(i)));
    }
    assertThatThrownBy(() -> trained.again(Optional.empty(), WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "'%s' is not the data that the training began with: of its 40 pictures 6 are missing or"
                .formatted(photos));
  }

  @Test
  void movedDataAreFoundAndOthersRefused() throws IOException {
    TrainingData trained = remembered(photos(",size=16,held-out=0.3:7"), true);
    Path moved = parent.resolve("moved");
    Files.move(photos, moved);
    assertThatThrownBy(() -> trained.again(Optional.empty(), WorkListener.SILENT))
        .isInstanceOf(UserError.class);
    Splits again =
        trained.again(Optional.of(DataSpec.parse("folder:" + moved)), WorkListener.SILENT);
    assertThat(again.spec()).isEqualTo("folder:" + moved + ",size=16,held-out=0.3:7");
    assertThat(again.test().size()).isEqualTo(12);
    assertThatThrownBy(
            () ->
                trained.again(
                    Optional.of(DataSpec.parse("folder:" + moved + ",held-out=0.1")),
                    WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is not divided and sized as");
    assertThatThrownBy(
            () ->
                trained.again(Optional.of(DataSpec.parse("shards:" + moved)), WorkListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("are data of another kind than");
  }

  @Test
  void aStrictTrainingStaysStrictWhereItsDataMoved() throws IOException {
    TrainingData trained = remembered(photos(",size=16,strict"), true);
    Path moved = parent.resolve("moved");
    Files.move(photos, moved);
    Splits again =
        trained.again(Optional.of(DataSpec.parse("folder:" + moved)), WorkListener.SILENT);
    assertThat(again.spec()).endsWith(",strict");
  }
}
