package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.igcnet.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that are not what they seem. Their pictures are only listed, so they need no content. */
class FolderLayoutTest {
  @TempDir Path folder;

  private void write(String... files) throws IOException {
    for (String file : files) {
      Path at = folder.resolve(file);
      Files.createDirectories(at.resolveSibling(""));
      Files.writeString(at, file);
    }
  }

  private Splits open(String options) {
    return Splits.open("folder:" + folder + options);
  }

  private void refused(ThrowingCallable opening, String message) {
    assertThatThrownBy(opening)
        .isInstanceOf(UserError.class)
        .hasMessage(message.replace("DIR", folder.toString()));
  }

  @Test
  void whatIsLeftAloneIsToldByKind() throws IOException {
    write("cat/1.jpg", "cat/2.JPEG", "cat/3.jfif", "cat/.hidden.jpg", "dog/1.png", "loose.png");
    write(
        "cat/1.heic",
        "cat/2.HEIC",
        "dog/3.heic",
        "dog/notes",
        "cat/more/1.jpg",
        "cat/more/a/2.gif");
    write("__MACOSX/cat/._1.jpg");
    Files.createDirectory(folder.resolve("bird"));
    Splits splits = open(",held-out=0");
    assertThat(splits.train().classes()).containsExactly("cat", "dog");
    assertThat(splits.train().size()).isEqualTo(4);
    assertThat(splits.leftAlone())
        .extracting(LeftAlone::toString)
        .containsExactlyInAnyOrder(
            "1 picture in no class folder (loose.png)",
            "3 .heic files (cat/1.heic, …)",
            "1 file (dog/notes)",
            "2 pictures in folders within class folders (cat/more/1.jpg, …)",
            "2 folders without pictures (__MACOSX, …)");
  }

  @Test
  void trainAndValidLieApart() throws IOException {
    write("train/cat/1.jpg", "train/dog/1.jpg", "valid/cat/2.jpg", "test/dog/3.jpg");
    Splits splits = open("");
    assertThat(splits.tested()).isEqualTo(Part.VALIDATION);
    assertThat(splits.measure()).isEqualTo("validation");
    assertThat(splits.train().size()).isEqualTo(2);
    assertThat(splits.test().size()).isEqualTo(1);
    assertThat(splits.leftAlone()).hasToString("[1 picture in 'test' (test/dog/3.jpg)]");
  }

  @Test
  void aTestSetIsNoValidationSet() throws IOException {
    write("train/cat/1.jpg", "train/dog/1.jpg", "Test/dog/3.jpg");
    Splits splits = open("");
    assertThat(splits.tested()).isEqualTo(Part.APART);
    assertThat(splits.measure()).isEqualTo("test");
    Files.move(folder.resolve("Test"), folder.resolve("Validation"));
    assertThat(open("").measure()).isEqualTo("validation");
  }

  @Test
  void aFlatTestIsLeftAloneAndAFlatValidationRefused() throws IOException {
    write("train/cat/1.jpg", "train/dog/1.jpg", "test/1.jpg", "test/2.jpg");
    assertThat(open(",held-out=0").leftAlone())
        .hasToString("[2 pictures in 'test' (test/1.jpg, …)]");
    write("val/1.jpg");
    refused(
        () -> open(",held-out=0"),
        "'DIR/val' holds pictures, but no class folders as 'DIR/train' does, so they cannot be"
            + " tested with; sort them into class folders, or move them away");
  }

  @Test
  void flatPartsAreNoClasses() throws IOException {
    write("train/cat.1.jpg");
    String message =
        "'DIR/train' holds pictures, but no class folders, so what they show is not known;"
            + " DIR/train/cat/NAME.jpg would be a picture of the class 'cat'";
    refused(() -> open(",held-out=0"), message);
    write("test/1.jpg", "cat/1.jpg");
    refused(() -> open(",held-out=0"), message);
  }

  @Test
  void aTrainMayBeAClassOrAPartButNotBoth() throws IOException {
    write("bus/1.jpg", "train/1.jpg");
    assertThat(open(",held-out=0").train().classes()).containsExactly("bus", "train");
    write("train/steam/1.jpg");
    refused(
        () -> open(",held-out=0"),
        "'DIR/train' holds class folders and 'DIR/bus' beside it holds pictures, so either can be"
            + " meant; move one of them away");
  }

  @Test
  void nothingToLearnFromIsRefused() throws IOException {
    write("val/cat/1.jpg", "val/dog/1.jpg");
    refused(() -> open(""), "'DIR' holds pictures to test with, but none to learn from");
  }

  @Test
  void aFolderTooHighIsRefused() throws IOException {
    write("photos/cat/1.jpg", "photos/dog/1.jpg");
    refused(
        () -> open(""),
        "'DIR/photos' holds no pictures itself, but 'DIR/photos/cat' in it does; a class's pictures"
            + " lie in one folder, and the data are the folder that holds those");
  }

  @Test
  void namesAreListedWithTheirSizesAndParts() throws IOException {
    write("train/cat/1 2.jpg", "train/dog/b.jpg", "val/cat/3.jpg");
    Splits splits = open("");
    assertThat(splits.files().map(ListedFile::line))
        .containsExactly(
            "train 17 train/cat/1 2.jpg", "train 15 train/dog/b.jpg", "test 13 val/cat/3.jpg");
    Path listing = folder.resolve("listing");
    try (var out = Files.newOutputStream(listing)) {
      ListedFile.write(splits.files(), out);
    }
    assertThat(ListedFile.read(listing)).isEqualTo(splits.files().toList());
    Files.writeString(listing, "train 2048 ../cat/1.jpg\n");
    assertThatThrownBy(() -> ListedFile.read(listing))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("line 1 of '" + listing + "' names no file of the data");
  }
}
