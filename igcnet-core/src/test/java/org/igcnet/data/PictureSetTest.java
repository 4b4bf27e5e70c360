package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.BatchContents;
import org.igcnet.backend.ImageBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders and tar files of pictures, and the batches that come of them. */
@Timeout(120)
class PictureSetTest {
  private static final Normalization PLAIN =
      new Normalization(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));

  @TempDir Path folder;

  /** What a batch had in it. */
  private record Seen(List<Integer> labels, List<Integer> hashes) {
    static Seen of(ImageBatch batch) {
      List<Integer> labels = new ArrayList<>();
      List<Integer> hashes = new ArrayList<>();
      for (int i = 0; i < batch.images(); i++) {
        labels.add(batch.label(i));
        hashes.add(Arrays.hashCode(BatchContents.image(batch, i)));
      }
      return new Seen(labels, hashes);
    }
  }

  private static List<Seen> all(BatchStream stream, List<String> skipped) {
    try (stream) {
      List<Seen> seen = new ArrayList<>();
      for (ImageBatch batch = stream.next(); batch != null; batch = stream.next()) {
        if (batch.images() > 0) {
          seen.add(Seen.of(batch));
        }
      }
      assertThat(stream.passed()).isEqualTo(stream.batches());
      skipped.addAll(stream.skipped());
      return seen;
    }
  }

  private static BatchStream training(Dataset dataset, int batch, int epoch, int first) {
    return BatchStream.training(
        dataset,
        PLAIN,
        ImageRecipe.of(Augmentation.SCALE_AND_MIRROR),
        BatchShare.whole(batch),
        4,
        epoch,
        first);
  }

  @Test
  void aFolderIsDividedByShareAndSeed() throws IOException {
    PictureFiles.folder(folder, 3, 8);
    Splits splits = Splits.open("folder:" + folder + ",size=16,held-out=0.25");
    assertThat(splits.train().size()).isEqualTo(18);
    assertThat(splits.test().size()).isEqualTo(6);
    assertThat(splits.test().shape()).isEqualTo(new ImageShape(3, 16, 16));
    assertThat(splits.test().classes()).containsExactly("a", "b", "c");
    assertThat(IntStream.range(0, 6).map(splits.test()::label)).containsExactly(0, 0, 1, 1, 2, 2);
    assertThat(splits.testedOnTraining()).isFalse();
    Set<Integer> train = contents(splits.train());
    Set<Integer> test = contents(splits.test());
    assertThat(train).hasSize(18).doesNotContainAnyElementsOf(test);
    String same = "folder:" + folder + ",size=16,held-out=0.25:0";
    assertThat(contents(Splits.open(same).test())).isEqualTo(test);
    assertThat(contents(Splits.open(same + "1").test())).isNotEqualTo(test);
  }

  /** Of 16 columns the outer two are white; the middle 14, 0.875 of them, are black. */
  @Test
  void aNetworkSeesThePartOfAPictureThatItsFramingKeeps() throws IOException {
    BufferedImage framed = new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR);
    for (int pixel = 0; pixel < 16 * 16; pixel++) {
      int x = pixel % 16;
      int y = pixel / 16;
      boolean outer = x == 0 || x == 15 || y == 0 || y == 15;
      framed.setRGB(x, y, outer ? 0xFFFFFF : 0);
    }
    Files.createDirectories(folder.resolve("a"));
    ImageIO.write(framed, "png", folder.resolve("a/1.png").toFile());
    Dataset pictures = Splits.open("folder:" + folder + ",size=16,held-out=0").train();
    byte[] values = new byte[3 * 16 * 16];
    pictures.read(0, values);
    assertThat(values).containsOnly(0);
    pictures.framed(Framing.WHOLE).read(0, values);
    assertThat(values).startsWith(0xFF, 0xFF).contains(0);
    assertThat(values[17]).isZero();
  }

  static Set<Integer> contents(Dataset dataset) {
    byte[] values = new byte[dataset.shape().size()];
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < dataset.size(); i++) {
      dataset.read(i, values);
      hashes.add(Arrays.hashCode(values));
    }
    return hashes;
  }

  @Test
  void nothingHeldOutTestsOnTheTrainingPictures() throws IOException {
    PictureFiles.folder(folder, 4, 1);
    Splits splits = Splits.open("imagenet:" + folder + ",size=16");
    assertThat(splits.testedOnTraining()).isTrue();
    assertThat(splits.train().size()).isEqualTo(4);
    assertThatThrownBy(() -> Splits.open("folder:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "a share of 0.1 of the 4 pictures in 4 classes of '%s' leaves none to test with; a"
                + " held-out share of 0 tests on the training pictures",
            folder);
  }

  @Test
  void aFolderMayHaveTrainingAndTestPicturesApart() throws IOException {
    PictureFiles.folder(folder.resolve("train"), 3, 2);
    PictureFiles.folder(folder.resolve("val"), 2, 1);
    Splits splits = Splits.open("imagenet:" + folder);
    assertThat(splits.train().size()).isEqualTo(6);
    assertThat(splits.test().size()).isEqualTo(2);
    assertThat(splits.test().classes()).containsExactly("a", "b", "c");
    assertThat(splits.train().name(0)).isEqualTo("train/a/000.jpg");
    assertThat(splits.test().name(1)).startsWith("val/b/").endsWith(".jpg");
    assertThat(splits.train().shape()).isEqualTo(new ImageShape(3, 224, 224));
    assertThat(splits.train().normalization().mean()).containsExactly(123.675f, 116.28f, 103.53f);
    assertThatThrownBy(() -> Splits.open("imagenet:" + folder + ",held-out=0.1"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has test pictures of its own");
    Path unknown = Files.createDirectory(folder.resolve("val").resolve("z"));
    assertThat(Splits.open("imagenet:" + folder).leftAlone())
        .hasToString("[1 folder without pictures (val/z)]");
    Files.copy(folder.resolve("val/a/000.jpg"), unknown.resolve("1.jpg"));
    assertThatThrownBy(() -> Splits.open("imagenet:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has the class 'z', of which there are no pictures in");
  }

  @Test
  void aClassMayBeCalledTrain() throws IOException {
    PictureFiles.folder(folder, 2, 1);
    Files.move(folder.resolve("a"), folder.resolve("train"));
    assertThat(Splits.open("imagenet:" + folder).train().classes()).containsExactly("b", "train");
  }

  @Test
  void foldersWithoutPicturesAreRefused() throws IOException {
    assertThatThrownBy(() -> Splits.open("folder:" + folder.resolve("no")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> Splits.open("folder:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds 0 folders of pictures");
    Files.writeString(Files.createDirectory(folder.resolve("cat")).resolve("read.me"), "hello");
    assertThatThrownBy(() -> Splits.open("folder:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no pictures; cat/NAME.jpg in it would be one");
  }

  @Test
  void beginningLaterGivesTheRest() throws IOException {
    PictureFiles.folder(folder, 3, 9);
    Dataset train = Splits.open("folder:" + folder + ",size=24,held-out=0").train();
    List<String> skipped = new ArrayList<>();
    List<Seen> whole = all(training(train, 4, 2, 0), skipped);
    assertThat(whole).hasSize(7);
    assertThat(whole.stream().flatMap(seen -> seen.hashes().stream())).doesNotHaveDuplicates();
    for (int first = 0; first <= 7; first++) {
      assertThat(all(training(train, 4, 2, first), skipped)).isEqualTo(whole.subList(first, 7));
    }
    assertThat(all(training(train, 4, 3, 0), skipped)).isNotEqualTo(whole);
    assertThat(skipped).isEmpty();
  }

  @Test
  void damagedPicturesAreLeftOutAndAllOthersStayInPlace() throws IOException {
    PictureFiles.folder(folder, 3, 9);
    String data = "folder:" + folder + ",size=16,held-out=0";
    List<Seen> whole = all(training(Splits.open(data).train(), 5, 0, 0), new ArrayList<>());
    Path cut = folder.resolve("a/002.jpg");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(cut), (int) Files.size(cut) - 30));
    Path text = Files.writeString(folder.resolve("b/000.jpg"), "I am no picture.");
    Path giant = folder.resolve("c/008.jpg");
    Files.write(giant, PictureFiles.giant(Files.readAllBytes(giant), 60_000, 60_000));
    List<String> skipped = new ArrayList<>();
    List<Seen> left = all(training(Splits.open(data).train(), 5, 0, 0), skipped);
    assertThat(skipped)
        .containsExactlyInAnyOrder(
            cut + " is a damaged picture, or one of a kind that cannot be read: it ends too early",
            text + " is no picture; PNG, JPEG, BMP, GIF and WebP can be read",
            giant + " has 60,000×60,000 pixels; pictures may have 100,000,000 pixels in all");
    assertThat(left).hasSameSizeAs(whole);
    for (int i = 0; i < whole.size(); i++) {
      assertThat(whole.get(i).hashes()).containsSubsequence(left.get(i).hashes());
    }
    assertThat(left.stream().mapToInt(seen -> seen.labels().size()).sum()).isEqualTo(24);
    List<String> again = new ArrayList<>();
    assertThat(all(training(Splits.open(data).train(), 5, 0, 0), again)).isEqualTo(left);
    assertThat(again).isEqualTo(skipped);
    // one in each batch: those without a picture are passed over
    assertThat(all(training(Splits.open(data).train(), 1, 0, 0), again)).hasSize(24);
    // in a strict set the first of them is an error
    assertThatThrownBy(
            () -> all(training(Splits.open(data + ",strict").train(), 5, 0, 0), new ArrayList<>()))
        .isInstanceOf(UserError.class)
        .hasMessage(skipped.getFirst());
  }

  @Test
  void aPictureThatIsGoneIsLeftOutAndAllOthersStayInPlace() throws IOException {
    PictureFiles.folder(folder, 2, 3);
    String data = "folder:" + folder + ",size=16,held-out=0";
    Dataset train = Splits.open(data).train();
    Dataset strict = Splits.open(data + ",strict").train();
    List<Seen> whole = all(training(train, 6, 0, 0), new ArrayList<>());
    Path gone = folder.resolve("b/001.jpg");
    Files.delete(gone);
    List<String> skipped = new ArrayList<>();
    List<Seen> left = all(training(train, 6, 0, 0), skipped);
    assertThat(skipped).containsExactly(gone + " does not exist any more");
    assertThat(left.getFirst().hashes()).hasSize(5);
    assertThat(whole.getFirst().hashes()).containsSubsequence(left.getFirst().hashes());
    assertThatThrownBy(() -> all(training(strict, 6, 0, 0), skipped))
        .isInstanceOf(UserError.class)
        .hasMessage(gone + " does not exist any more");
    // where more than a picture is gone, there is something to mend
    Files.move(folder.resolve("b"), folder.resolve("c"));
    assertThatThrownBy(() -> all(training(train, 6, 0, 0), skipped))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("does not exist any more");
  }

  @Test
  void whatCannotBeReadAtTheStartKeepsItsPlace() throws IOException {
    PictureFiles.folder(folder, 2, 4);
    String data = "folder:" + folder + ",size=16,held-out=0";
    List<Seen> whole = all(training(Splits.open(data).train(), 8, 0, 0), new ArrayList<>());
    Path link = folder.resolve("a/001.jpg");
    Files.delete(link);
    Files.createSymbolicLink(link, folder.resolve("nowhere.jpg"));
    Splits splits = Splits.open(data);
    assertThat(splits.leftAlone()).hasToString("[1 picture that cannot be read (a/001.jpg)]");
    List<String> skipped = new ArrayList<>();
    List<Seen> left = all(training(splits.train(), 8, 0, 0), skipped);
    assertThat(skipped).containsExactly(link + " is a link to nothing");
    assertThat(left.getFirst().hashes()).hasSize(7);
    assertThat(whole.getFirst().hashes()).containsSubsequence(left.getFirst().hashes());
    assertThatThrownBy(() -> Splits.open(data + ",strict"))
        .isInstanceOf(UserError.class)
        .hasMessage(link + " is a link to nothing");
  }

  /** Memory stays bounded: pictures are decoded for four batches ahead and no more. */
  @Test
  void noMoreIsDecodedThanSoonNeeded() throws Exception {
    PictureFiles.folder(folder, 2, 20);
    Dataset train = Splits.open("folder:" + folder + ",size=16,held-out=0").train();
    try (BatchStream stream = training(train, 2, 0, 0)) {
      Thread.sleep(500);
      for (int i = 0; i < 20; i++) {
        Files.delete(folder.resolve("a/%03d.jpg".formatted(i)));
        Files.delete(folder.resolve("b/%03d.jpg".formatted(i)));
      }
      Files.delete(folder.resolve("a"));
      Files.delete(folder.resolve("b"));
      for (int i = 0; i < 4; i++) {
        assertThat(stream.next()).isNotNull();
      }
      assertThatThrownBy(stream::next)
          .isInstanceOf(UserError.class)
          .hasMessageContaining("does not exist any more");
    }
  }

  @Test
  void testPicturesAreTheirMiddle() throws IOException {
    PictureFiles.folder(folder, 1, 1);
    Path file = folder.resolve("a/000.jpg");
    Dataset set = Splits.open("imagenet:" + folder + ",size=28").train();
    byte[] values = new byte[3 * 28 * 28];
    set.read(0, values);
    // 40×48: the middle 35×35, as predict takes it
    FittedPicture picture = Picture.of(file).fitted(set.shape(), DataSpec.framing("imagenet:x"));
    assertThat(picture.resizing()).hasToString("40×48, its middle 35×35 resized to 28×28");
    assertThat(values).isEqualTo(picture.values());
  }

  @Test
  void meanAndDeviationAreThoseOfThePictures() throws IOException {
    PictureFiles.folder(folder, 2, 5);
    Files.writeString(folder.resolve("a/000.jpg"), "not counted");
    Normalization normalization =
        Splits.open("folder:" + folder + ",size=8,held-out=0").train().normalization();
    assertThat(normalization.mean()).hasSize(3).allMatch(mean -> mean > 90 && mean < 165);
    assertThat(normalization.deviation()).allMatch(deviation -> deviation > 20 && deviation < 90);
    Dataset one = Splits.open("folder:" + folder + ",size=8,held-out=0").train();
    assertThat(one.normalization()).isEqualTo(normalization);
  }

  /** Photographs: JPEGs of many programs, some of them grey. */
  @Test
  void theSampleOfImageNetIsRead() {
    Path sample = RealData.sample("imagenet-sample");
    Dataset set = Splits.open("imagenet:" + sample + ",size=32").train();
    assertThat(set.size()).isEqualTo(200);
    assertThat(set.classes()).hasSize(200).startsWith("n01440764");
    List<String> skipped = new ArrayList<>();
    assertThat(all(training(set, 64, 0, 0), skipped))
        .extracting(seen -> seen.labels().size())
        .containsExactly(64, 64, 64, 8);
    assertThat(skipped).isEmpty();
    // the field's means are those of all ImageNet, so these are near
    List<Float> mean = Normalization.of(set).mean();
    for (int channel = 0; channel < 3; channel++) {
      assertThat(mean.get(channel)).isCloseTo(set.normalization().mean().get(channel), within(12f));
    }
  }

  // ---- tar files

  private static void tar(Path file, int first, int pictures, int classes) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(Files.newOutputStream(file), "UTF-8")) {
      for (int i = first; i < first + pictures; i++) {
        String key = "part/n%04d".formatted(i);
        byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(30 + i % 7, 33, i), "jpg");
        add(tar, key + ".jpg", jpeg);
        add(tar, key + ".cls", String.valueOf(i % classes).getBytes(StandardCharsets.US_ASCII));
        add(tar, key + ".json", "{}".getBytes(StandardCharsets.US_ASCII));
      }
    }
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
  void shardsAreReadWhereverAnEpochBegins() throws IOException {
    for (int shard = 0; shard < 4; shard++) {
      tar(folder.resolve("imagenet-train-%06d.tar".formatted(shard)), 10 * shard, 10, 3);
    }
    tar(folder.resolve("imagenet-val-000000.tar"), 100, 5, 4);
    Splits splits = Splits.open("shards:" + folder + ",size=16");
    assertThat(splits.train().size()).isEqualTo(40);
    assertThat(splits.test().size()).isEqualTo(5);
    assertThat(splits.train().name(13)).isEqualTo("part/n0013.jpg in imagenet-train-000001.tar");
    assertThat(splits.test().name(4)).isEqualTo("part/n0104.jpg in imagenet-val-000000.tar");
    assertThat(splits.train().classes())
        .containsExactly("class 0", "class 1", "class 2", "class 3");
    for (int i = 0; i < 40; i++) {
      assertThat(splits.train().label(i)).isEqualTo(i % 3);
    }
    assertThat(splits.train().normalization().mean()).containsExactly(123.675f, 116.28f, 103.53f);
    List<String> skipped = new ArrayList<>();
    List<Seen> whole = all(training(splits.train(), 6, 1, 0), skipped);
    assertThat(whole.stream().flatMap(seen -> seen.hashes().stream()))
        .hasSize(40)
        .doesNotHaveDuplicates();
    for (int first = 1; first < whole.size(); first++) {
      assertThat(all(training(splits.train(), 6, 1, first), skipped))
          .isEqualTo(whole.subList(first, whole.size()));
    }
    assertThat(contents(splits.test())).hasSize(5);
    Files.writeString(folder.resolve("classes.txt"), "ant\nbee\ncat\ndog\n");
    assertThat(Splits.open("shards:" + folder).test().classes())
        .containsExactly("ant", "bee", "cat", "dog");
    Files.writeString(folder.resolve("classes.txt"), "ant\nbee\nbee\n");
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds 2 names");
  }

  @Test
  void ofTwoPicturesWithOneKeyTheSecondIsTakenAndTheFirstToldOf() throws IOException {
    Path file = folder.resolve("twice").resolve("training-0.tar");
    Files.createDirectories(file.getParent());
    byte[] first = PictureFiles.encoded(PictureFiles.patches(30, 33, 1), "jpg");
    byte[] second = PictureFiles.encoded(PictureFiles.patches(30, 33, 2), "png");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      add(tar, "0.jpg", first);
      add(tar, "0.png", second);
      add(tar, "0.cls", "0".getBytes(StandardCharsets.US_ASCII));
    }
    Splits splits = Splits.open("shards:" + file.getParent() + ",size=8,held-out=0");
    assertThat(splits.train().size()).isEqualTo(1);
    assertThat(splits.train().name(0)).startsWith("0.png in ");
    assertThat(splits.leftAlone())
        .hasToString("[1 picture that another of the same key follows (0.jpg in training-0.tar)]");
  }

  @Test
  void hardLinksAreFollowedAndOtherMembersToldOf() throws IOException {
    Path file = folder.resolve("linked").resolve("training-0.tar");
    Files.createDirectories(folder.resolve("linked"));
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(30, 33, 1), "jpg");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      add(tar, "./._0.jpg", new byte[60]);
      add(tar, "./0.jpg", jpeg);
      add(tar, "./._0.cls", new byte[60]);
      add(tar, "./0.cls", "1".getBytes(StandardCharsets.US_ASCII));
      add(tar, "./1.jfif", jpeg);
      link(tar, "./1.cls", "./0.cls", TarConstants.LF_LINK);
      link(tar, "./2.jpg", "./0.jpg", TarConstants.LF_LINK);
      link(tar, "./2.cls", "./0.cls", TarConstants.LF_LINK);
      add(tar, "./2.json", new byte[2]);
      link(tar, "./3.jpg", "./0.jpg", TarConstants.LF_SYMLINK);
      add(tar, "./3.cls", "0".getBytes(StandardCharsets.US_ASCII));
    }
    tar(folder.resolve("linked").resolve("valid-0.tar"), 0, 2, 2);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("linked"));
    Splits splits = Splits.open("shards:" + link + ",size=8");
    assertThat(splits.train().size()).isEqualTo(3);
    assertThat(splits.test().size()).isEqualTo(2);
    assertThat(IntStream.range(0, 3).map(splits.train()::label)).containsExactly(1, 1, 1);
    assertThat(contents(splits.train())).hasSize(1);
    assertThat(splits.leftAlone())
        .extracting(LeftAlone::toString)
        .containsExactly(
            "2 members whose name begins with a dot (./._0.jpg in training-0.tar, …)",
            "3 .json members (./2.json in training-0.tar, …)",
            "1 member that is no plain file (./3.jpg in training-0.tar)");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      link(tar, "0.jpg", "elsewhere.jpg", TarConstants.LF_LINK);
    }
    assertThatThrownBy(() -> Splits.open("shards:" + link))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "'0.jpg' in '%s' is a link to 'elsewhere.jpg', which is no file before it",
            link.resolve("training-0.tar"));
  }

  private static void link(TarArchiveOutputStream tar, String name, String target, byte kind)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind);
    entry.setLinkName(target);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  @Test
  void namesOfClassesAreLinesWithoutWhatEditorsAdd() throws IOException {
    tar(folder.resolve("train.tar"), 0, 30, 3);
    Path names = folder.resolve("classes.txt");
    Files.writeString(names, "\uFEFFant\r\nbee\r\ncat\r\n\r\n");
    assertThat(Splits.open("shards:" + folder).train().classes())
        .containsExactly("ant", "bee", "cat");
    Files.writeString(names, "ant\n\nbee\n");
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessage("line 2 of '%s' is empty; it would hold the name of the class 1", names);
    Files.write(names, new byte[] {'a', (byte) 0xE9, '\n', 'b', '\n', 'c'});
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessage("'%s' is not in UTF-8", names);
  }

  @Test
  void wordsInThePathSayWhatATarFileIsFor() throws IOException {
    for (String name : new String[] {"train/interval-0.tar", "x_test-1.tar", "validation/2.tar"}) {
      Files.createDirectories(folder.resolve(name).getParent());
      tar(folder.resolve(name), 0, 2, 2);
    }
    Splits splits = Splits.open("shards:" + folder);
    assertThat(splits.train().size()).isEqualTo(2);
    assertThat(splits.test().size()).isEqualTo(4);
    assertThat(splits.measure()).isEqualTo("test");
    Files.delete(folder.resolve("x_test-1.tar"));
    assertThat(Splits.open("shards:" + folder).measure()).isEqualTo("validation");
    Files.move(folder.resolve("train/interval-0.tar"), folder.resolve("latest.tar"));
    assertThat(Splits.open("shards:" + folder).train().size()).isEqualTo(2);
  }

  @Test
  void aShardsPicturesAreTheFoldersOwn() throws IOException {
    Path file = folder.resolve("all.tar");
    tar(file, 0, 3, 3);
    PictureSet set = (PictureSet) Splits.open("shards:" + folder + ",size=16,held-out=0").train();
    byte[] values = new byte[3 * 16 * 16];
    set.read(2, values);
    byte[] jpeg = PictureFiles.encoded(PictureFiles.patches(32, 33, 2), "jpg");
    FittedPicture same =
        FittedPicture.of(EncodedPicture.of(() -> "x", jpeg), set.shape(), Framing.PHOTOGRAPH);
    assertThat(values).isEqualTo(same.values());
  }

  @Test
  void damagedTarFilesAreRefused() throws IOException {
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no tar files of training pictures");
    Path file = folder.resolve("train-0.tar");
    tar(file, 0, 4, 2);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, 700));
    assertThatThrownBy(() -> Splits.open("shards:" + folder)).isInstanceOf(UserError.class);
    Files.write(file, new byte[10_240]);
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no pictures; KEY.jpg with KEY.cls");
    byte[] text = "I am no tar file. ".repeat(100).getBytes(StandardCharsets.US_ASCII);
    Files.write(file, text);
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is no sound tar file");
  }

  @Test
  void labelsMustBeThereAndBeNumbers() throws IOException {
    Path file = folder.resolve("train-0.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      add(tar, "a.b.jpg", new byte[10]);
      add(tar, "c.cls", new byte[] {'1'});
    }
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no pictures");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      add(tar, "a.jpg", new byte[10]);
      add(tar, "c.cls", new byte[] {'1'});
    }
    assertThatThrownBy(() -> Splits.open("shards:" + folder))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "'a.jpg' in '%s' has no a.cls beside it, which would hold the number of its class",
            file);
    for (String label : new String[] {"x", "-1", "99999", ""}) {
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
        add(tar, "a.jpg", new byte[10]);
        add(tar, "a.cls", label.getBytes(StandardCharsets.US_ASCII));
      }
      assertThatThrownBy(() -> Splits.open("shards:" + folder))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "'a.cls' in '%s' does not hold the number of a class, from 0 to 16,383", file);
    }
  }

  @Test
  void aDamagedPictureOfAShardIsNamed() throws IOException {
    Path file = folder.resolve("train-0.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      for (String key : new String[] {"a", "b"}) {
        add(tar, key + ".jpg", new byte[100]);
        add(tar, key + ".cls", new byte[] {'1'});
      }
    }
    Dataset train = Splits.open("shards:" + folder + ",held-out=0,size=8").train();
    List<String> skipped = new ArrayList<>();
    assertThat(all(training(train, 1, 0, 0), skipped)).isEmpty();
    assertThat(skipped)
        .containsExactlyInAnyOrder(
            "a.jpg in %s is no picture; PNG, JPEG, BMP, GIF and WebP can be read".formatted(file),
            "b.jpg in %s is no picture; PNG, JPEG, BMP, GIF and WebP can be read".formatted(file));
  }

  /** Each picture once; and none far from where it lies, counted in shards as they are visited. */
  @Test
  void anEpochOfShardsIsShuffledWithinAWindow() throws IOException {
    int each = 3_000;
    int shards = 8;
    for (int shard = 0; shard < shards; shard++) {
      Path file = folder.resolve("train-%d.tar".formatted(shard));
      try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
        for (int i = 0; i < each; i++) {
          add(tar, i + ".jpg", new byte[1]);
          add(tar, i + ".cls", new byte[] {'0'});
        }
      }
    }
    PictureSet set = (PictureSet) Splits.open("shards:" + folder + ",held-out=0").train();
    int[] order = set.order(SplitMix.of(1));
    assertThat(order).hasSize(shards * each).doesNotHaveDuplicates();
    assertThat(set.order(SplitMix.of(1))).isEqualTo(order);
    assertThat(set.order(SplitMix.of(2))).isNotEqualTo(order);
    List<Integer> turns = Arrays.stream(order).map(i -> i / each).boxed().distinct().toList();
    assertThat(turns)
        .as("not in the order of names")
        .isNotEqualTo(IntStream.range(0, shards).boxed().toList());
    int[] firsts = new int[shards];
    Arrays.fill(firsts, order.length);
    for (int i = 0; i < order.length; i++) {
      firsts[order[i] / each] = Math.min(firsts[order[i] / each], i);
    }
    int early = 0;
    for (int shard = 0; shard < shards; shard++) {
      early += firsts[shard] < 100 ? 1 : 0;
    }
    assertThat(early).as("the window of 8,192 reaches into three shards").isEqualTo(3);
  }
}
