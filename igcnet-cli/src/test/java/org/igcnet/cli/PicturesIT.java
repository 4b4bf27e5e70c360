package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;

/** Trains on pictures and on SVHN's files, a step or a few, and uses what comes of it. */
class PicturesIT {
  private static final Object[] SMALL = {"train", "IGC-L4M2", "--depth", 5, "--epochs", 1};

  @TempDir private Path parent;
  private Path run;
  private Launcher launcher;

  @BeforeEach
  void begin() throws IOException {
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
    run = parent.resolve("run");
  }

  @Test
  void aFolderOfPicturesIsLearnedMeasuredAndRecognised() throws IOException {
    Path data = TwoClasses.in(parent);
    Path broken = Files.writeString(data.resolve("dark/0.jpg"), "I am no picture.");
    String spec = "folder:%s,size=16,held-out=0.25:3".formatted(data);

    Finished training =
        train("--data", "folder:" + data, "--size", 16, "--held-out", "0.25:3", "--batch", 4);

    assertThat(training.succeeded().out())
        .contains(spec + ": 12 training and 4 validation images\n")
        .contains("\n1 pictures could not be decoded and were left out.\n");
    assertThat(training.err())
        .isEqualTo(
            "left out: %s is no picture; PNG, JPEG, BMP, GIF and WebP can be read\n"
                .formatted(broken));

    JsonNode eval = launcher.run("eval", run, "--json").document();
    assertThat(eval.get("data").asString()).isEqualTo(spec);
    assertThat(eval.get("images").asInt() + eval.get("skipped").asInt()).isEqualTo(4);
    JsonNode all =
        launcher.run("eval", run, "--data", "folder:" + data, "--held-out", 0, "--json").document();
    assertThat(all.get("data").asString())
        .isEqualTo("folder:%s,size=16,held-out=0.0".formatted(data));
    assertThat(all.get("images").asInt()).isEqualTo(15);
    assertThat(all.get("skipped").asInt()).isEqualTo(1);

    assertThat(launcher.run("predict", run, data.resolve("light/1.jpg")).succeeded().out())
        .contains("(40×32, its middle 28×28 resized to 16×16)\n");
    assertThat(
            launcher
                .run("eval", run, "--data", "folder:" + data, "--held-out", 0, "--strict")
                .refusal())
        .contains(broken + " is no picture");
    Finished misused = launcher.run("train", "--data", "cifar10:x", "--size", 64);
    assertThat(misused.code()).isEqualTo(2);
    assertThat(misused.err()).contains("'cifar10' takes no size");
  }

  /** A model of one pair of classes, the same of another pair, at another size. */
  @Test
  void aModelIsTunedToOtherClassesAndSizes() throws IOException {
    Path data = TwoClasses.in(parent);
    train("--data", "folder:" + data, "--size", 16, "--batch", 4).succeeded();
    Path others = parent.resolve("others");
    Files.createDirectories(others);
    Files.move(data.resolve("dark"), others.resolve("night"));
    Files.move(data.resolve("light"), others.resolve("day"));
    Path tuned = parent.resolve("tuned");
    Object[] tuning = {
      "train",
      "--from",
      run,
      "--freeze",
      2,
      "--data",
      "folder:" + others,
      "--epochs",
      1,
      "--batch",
      4
    };

    Finished first = launcher.run(with(tuning, "--out", tuned));

    assertThat(first.succeeded().out())
        .startsWith("IGC-L4M2, depth 5, 2 classes: ")
        .contains("folder:%s,size=16".formatted(others));
    String recipe = Files.readString(tuned.resolve("run.json"));
    assertThat(recipe)
        .contains("\"frozen\" : 3")
        .contains("\"network\" : \"IGC-L4M2, depth 5, 2 classes\"")
        .contains("\"folder\" : \"%s\"".formatted(run));
    byte[] before = Files.readAllBytes(run.resolve("model.safetensors"));
    byte[] after = Files.readAllBytes(tuned.resolve("model.safetensors"));
    assertThat(tensor(after, "stage2.0.primary.weight"))
        .isEqualTo(tensor(before, "stage2.0.primary.weight"));
    assertThat(tensor(after, "stage3.0.primary.weight"))
        .isNotEqualTo(tensor(before, "stage3.0.primary.weight"));
    assertThat(launcher.run("predict", tuned, others.resolve("day/1.jpg")).succeeded().out())
        .contains("night", "day");

    Path larger = parent.resolve("larger");
    assertThat(launcher.run(with(tuning, "--size", 24, "--out", larger)).succeeded().out())
        .contains("folder:%s,size=24".formatted(others));
    assertThat(launcher.run(with(tuning, "--freeze", 4)).code()).isEqualTo(2);
  }

  private static byte[] tensor(byte[] file, String name) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong());
    JsonNode places = Finished.parse(new String(file, 8, header, StandardCharsets.UTF_8));
    JsonNode offsets = places.get(name).get("data_offsets");
    int from = 8 + header + offsets.get(0).asInt();
    return Arrays.copyOfRange(file, from, 8 + header + offsets.get(1).asInt());
  }

  /** Every option at once, and more epochs than the run began with. */
  @Test
  void whatThePaperLeavesOffIsKeptByTheRun() throws IOException {
    Path data = TwoClasses.in(parent);
    String options =
        "--schedule one-cycle --warm-up 0.5 --momentum 0.8 --weight-decay 0.001 --clip 2 --bn-lr 3"
            + " --average 0.9 --mirror alternating --cutout 4 --erase 0.5 --mixup 0.25 --cutmix 1"
            + " --label-smoothing 0.125 --balance --precision float32 --patience 7";
    Object[] all = options.split(" ");
    train(with(all, "--data", "folder:" + data, "--size", 16, "--batch", 4)).succeeded();
    JsonNode recipe = Finished.parse(Files.readString(run.resolve("run.json"))).get("recipe");
    assertThat(recipe.get("schedule").toString())
        .isEqualTo("{\"decline\":\"linear\",\"warmUp\":0.5}");
    assertThat(recipe.get("optimiser").toString())
        .isEqualTo(
            "{\"momentum\":0.8,\"weightDecay\":0.001,\"normRate\":3.0,\"gradientLimit\":2.0}");
    assertThat(recipe.get("images").toString())
        .isEqualTo(
            "{\"augmentation\":\"SCALE_AND_MIRROR\",\"mirroring\":\"ALTERNATING\",\"cutout\":4,"
                + "\"erasing\":0.5,\"mixup\":0.25,\"cutmix\":1.0,\"labelSmoothing\":0.125,"
                + "\"balanced\":true}");
    assertThat(recipe.get("averageDecay").asDouble()).isEqualTo(0.9);
    assertThat(recipe.get("precision").asString()).isEqualTo("float32");
    assertThat(recipe.get("patience").asInt()).isEqualTo(7);

    JsonNode grown = launcher.run("train", "--resume", run, "--epochs", 3, "--json").document();
    assertThat(grown.get("epochs").asInt()).isEqualTo(3);
    assertThat(grown.get("last").get("epoch").asInt()).isEqualTo(3);
    assertThat(launcher.run("train", "--resume", run, "--epochs", 2).refusal())
        .isEqualTo("igcnet: the run has 3 epochs; they can become more, not 2");

    JsonNode one = launcher.run("eval", run, "--json").json();
    assertThat(one.get("views").asString()).isEqualTo("ONE");
    JsonNode crops = launcher.run("eval", run, "--views", "crops", "--json").json();
    assertThat(crops.get("views").asString()).isEqualTo("CROPS");
    assertThat(crops.get("loss").asDouble()).isNotEqualTo(one.get("loss").asDouble());
  }

  /** From another folder, with nothing said, and with other data named. */
  @Test
  void whatARunHeldOutIsRememberedAndOtherDataAreScoredWhole() throws IOException {
    Path data = TwoClasses.in(parent);
    Files.createDirectory(data.resolve("empty"));
    Launcher beside = Launcher.in(parent);
    Object[] arguments = {"--data", "folder:pictures", "--size", 16, "--held-out", "0.25:3"};
    Finished training = train(beside, arguments);
    assertThat(training.succeeded().out())
        .contains("left alone: 1 folder without pictures (empty)\n");
    String own =
        "the 4 validation images of folder:%s,size=16,held-out=0.25:3 that the training held out\n";
    assertThat(launcher.run("eval", run).succeeded().out()).contains(own.formatted("pictures"));
    assertThat(launcher.run("eval", run, "--data", "folder:" + data).succeeded().out())
        .contains(own.formatted(data));
    Path other = Files.createDirectory(parent.resolve("other"));
    Files.move(data, other.resolve("moved"));
    assertThat(launcher.run("train", "--resume", run).refusal()).contains("pictures");
    assertThat(
            launcher
                .run("train", "--resume", run, "--data", "folder:" + other.resolve("moved"))
                .succeeded()
                .out())
        .contains("1 epochs done before");
    Path apart = Files.createDirectories(parent.resolve("apart/dark"));
    Files.copy(other.resolve("moved/dark/1.jpg"), apart.resolve("1.jpg"));
    assertThat(launcher.run("eval", run, "--data", "folder:" + apart.getParent()).succeeded().out())
        .contains(
            "all 1 images of folder:%s,size=16, which show 1 of the 2 classes"
                .formatted(apart.getParent()));
  }

  /** Of two classes both are among the first five, so top-5 says nothing. */
  @Test
  void aTestSetAloneIsScored() throws IOException {
    Path data = TwoClasses.in(parent);
    train("--data", "folder:" + data, "--size", 16).succeeded();
    Path alone = parent.resolve("alone");
    for (String name : new String[] {"dark", "light"}) {
      Path test = Files.createDirectories(alone.resolve("test").resolve(name));
      Files.copy(data.resolve(name).resolve("1.jpg"), test.resolve("1.jpg"));
    }
    Finished eval = launcher.run("eval", run, "--data", "folder:" + alone);
    assertThat(eval.succeeded().out())
        .contains("the 2 test images of folder:%s,size=16\n".formatted(alone))
        .doesNotContain("top-5");
    assertThat(eval.err()).isEmpty();
    JsonNode json = launcher.run("eval", run, "--data", "folder:" + alone, "--json").json();
    assertThat(json.get("images").asInt()).isEqualTo(2);
    assertThat(json.get("top5").isNull()).isTrue();
    assertThat(json.get("classes").valueStream().map(one -> one.get("images").asInt()))
        .containsExactly(1, 1);
  }

  @Test
  void aPictureWhoseNameIsNotUtf8IsToldOf() throws IOException {
    Path data = TwoClasses.in(parent);
    rename(data, "dark/3.jpg", "dark/caf\\351.jpg");
    assertThat(train("--data", "folder:" + data, "--size", 16).succeeded().out())
        .contains("classes to learn: dark 6, light 7\n")
        .contains("left alone: 1 picture whose name cannot be read (dark/caf\ufffd.jpg)\n");
  }

  @Test
  void aClassFolderWhoseNameIsNotUtf8IsRefused() throws IOException {
    Path data = TwoClasses.in(parent);
    train("--data", "folder:" + data, "--size", 16).succeeded();
    rename(data, "dark", "caf\\351");
    String refusal =
        "igcnet: '%s/caf\ufffd' has a name that cannot be read as UTF-8; give it another"
            .formatted(data);
    assertThat(launcher.run("eval", run, "--data", "folder:" + data).refusal()).isEqualTo(refusal);
    run = parent.resolve("other");
    assertThat(train("--data", "folder:" + data).refusal()).isEqualTo(refusal);
    assertThat(run).doesNotExist();
  }

  /** By the shell, as Java knows no such names; some file systems do not either. */
  private static void rename(Path folder, String from, String to) {
    Finished renamed = Launcher.in(folder).shell("mv %s \"$(printf '%s')\"".formatted(from, to));
    assumeTrue(renamed.code() == 0, "a file system of UTF-8 names only");
  }

  @Test
  void aValidationSetOfItsOwnIsCalledSo() throws IOException {
    Path data = parent.resolve("own");
    Files.createDirectories(data);
    Files.move(TwoClasses.in(parent), data.resolve("train"));
    Files.move(TwoClasses.in(parent), data.resolve("val"));
    Files.writeString(data.resolve("val/dark/notes.txt"), "dark");
    assertThat(train("--data", "folder:" + data, "--size", 16, "--batch", 4).succeeded().out())
        .contains("folder:%s,size=16: 16 training and 16 validation images\n".formatted(data))
        .contains("counts for 6.3 percentage points; fewer than 30 say little\n")
        .containsPattern(
            "\nwarning: 16 of 16 validation images are also among those to learn from, .*: val/dark/0.jpg is train/dark/0.jpg, .*; delete one of each two\n")
        .contains("epoch  train loss  accuracy  validation loss  accuracy")
        .contains("\nBest validation accuracy ");
    Finished report = launcher.run("report", run);
    assertThat(report.succeeded().out())
        .containsPattern("run: IGC-L4M2, depth 5, [0-9.]+% of 16 validation images\n");
    assertThat(report.err()).contains("left alone: 1 .txt file (val/dark/notes.txt)\n");
  }

  @Test
  void whatIsNotSaidFitsThePicturesAndIsSaid() throws IOException {
    Path data = TwoClasses.in(parent);
    Finished training = train("--data", "folder:" + data);
    assertThat(training.succeeded().out())
        .contains(": 14 training and 2 validation images\nclasses to learn: dark 7, light 7\n")
        .contains(", feature maps as bf16, seed 1, ")
        .contains(
            "chosen to fit these data: --batch 8 --size 32 --body stages; give an option to choose otherwise\n")
        .contains(
            "warning: 2 of 2 classes have fewer than 50 images to learn from, 2 of them fewer than 10: dark 7, light 7\n")
        .contains(
            "warning: the training makes 2 steps in all; fewer than 200 seldom teach a network much; --epochs N makes more\n")
        .contains(
            "warning: the accuracy is that of 2 validation images, each of which counts for 50.0 percentage points; fewer than 30 say little; a larger --held-out keeps more of them\n")
        .contains("epoch  train loss  accuracy  validation loss  accuracy")
        .contains("\nBest validation accuracy ");
    Finished json =
        launcher.run("train", "IGC-L4M2", "--data", "folder:" + data, "--epochs", 1, "--json");
    assertThat(json.document().get("warnings")).hasSize(3);
    assertThat(json.document().get("batch").asInt()).isEqualTo(8);
    assertThat(json.err()).contains("classes to learn: dark 7, light 7\n").contains("warning: ");
  }

  @Test
  void oneClassIsNothingToLearn() throws IOException {
    Path data = TwoClasses.in(parent);
    try (Stream<Path> light = Files.walk(data.resolve("light"))) {
      for (Path file : light.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(train("--data", "folder:" + data).refusal())
        .contains("shows one class only, 'dark', so there is nothing to tell apart");
  }

  @Tag("long")
  @Test
  void aPhotographOfEachClassTrainsAStep() {
    Path sample = sample("imagenet-sample");
    Finished training =
        train("--data", "imagenet:" + sample, "--size", 32, "--batch", 100, "--lr", 0.01);
    assertThat(training.succeeded().out())
        .contains(",size=32: 200 training and 200 test images, the same: nothing is held out\n");
    assertThat(training.err()).isEmpty();
    assertThat(launcher.run("eval", run).succeeded().out())
        .contains("on the 200 training images of");
    Path tench = sample.resolve("n01440764/n01440764_tench.JPEG");
    JsonNode predictions = launcher.run("predict", run, tench, "--json").json();
    assertThat(predictions.get(0).get("resized").asString())
        .isEqualTo("341×256, its middle 224×224 resized to 32×32");
    assertThat(predictions.get(0).get("predictions")).hasSize(5);
  }

  /** One epoch of one step, by the command that the whole of ImageNet takes. */
  @Tag("long")
  @Test
  void theTableOfImageNetTakesTheSample() {
    Finished reproduction =
        launcher.run(
            "reproduce",
            "table6",
            "--data",
            "imagenet:" + sample("imagenet-sample"),
            "--size",
            32,
            "--networks",
            "ResNet-C64",
            "--epochs",
            1,
            "--bn-images",
            32,
            "--out",
            parent.resolve("out"));
    assertThat(reproduction.succeeded().out())
        .contains(
            "ImageNet: 200 classes, the paper's 1,000; images of 32×32 pixels, the paper's of 224×224; tested on the 200 training images, the paper's on others; 1 epoch of the paper's 95\n")
        .containsPattern("imagenet  18  ResNet-C64 +top-5 training error +[0-9.]+  1   6.53 +\\+");
  }

  /** Two scans of 35 megapixels in the heap that is advised, and in a large one. */
  @Test
  void largePicturesAreLearnedFromInAnyHeapThatIsAccepted() throws IOException {
    Path data = TwoClasses.in(parent);
    Path scan = data.resolve("dark/0.png");
    BufferedImage image = new BufferedImage(7_000, 5_000, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(3_500, 2_500, 0xFFFFFF);
    ImageIO.write(image, "png", scan.toFile());
    Files.copy(scan, data.resolve("dark/1.png"));
    Object[] training = {"--data", "folder:" + data, "--size", 16, "--held-out", 0.25};
    launcher = launcher.with(Map.of("IGCNET_JAVA_OPTS", "-Xmx100m"));
    Matcher advice =
        Pattern.compile("IGCNET_JAVA_OPTS=(-Xmx[0-9]+m)").matcher(train(training).refusal());
    assertThat(advice.find()).isTrue();
    launcher = launcher.with(Map.of("IGCNET_JAVA_OPTS", advice.group(1)));
    assertThat(train(training).succeeded().err()).isEmpty();
    Path small = run;
    run = parent.resolve("large");
    launcher = launcher.with(Map.of());
    assertThat(train(training).succeeded().err()).isEmpty();
    assertThat(run.resolve("last.safetensors"))
        .hasSameBinaryContentAs(small.resolve("last.safetensors"));
  }

  private static Path sample(String name) {
    String named = System.getenv("IGCNET_DATA");
    Path beside = Path.of("..", "..", "shared", "data", name);
    Path sample = Path.of(Objects.requireNonNullElse(named, "."), name);
    Path found = Files.isDirectory(sample) ? sample : beside;
    assumeTrue(Files.isDirectory(found), "no " + name);
    return found.toAbsolutePath();
  }

  /** Nothing may be said of what the reader of these files does inside. */
  @Test
  void digitsAreLearned() throws IOException {
    Path data = Files.createDirectory(parent.resolve("svhn"));
    for (String name : new String[] {"train", "extra", "test"}) {
      Matrix labels = Mat5.newMatrix(120, 1, MatlabType.UInt8);
      for (int i = 0; i < 120; i++) {
        labels.setInt(i, i % 10 + 1);
      }
      MatFile mat = Mat5.newMatFile();
      mat.addArray("X", Mat5.newMatrix(new int[] {32, 32, 3, 120}, MatlabType.UInt8));
      mat.addArray("y", labels);
      Mat5.writeToFile(mat, data.resolve(name + "_32x32.mat").toFile());
    }
    assertThat(train("--data", "svhn:" + data).refusal()).contains("the paper holds out 400");
    Finished training = train("--data", "svhn:" + data, "--held-out", 0.25);
    assertThat(training.succeeded().out())
        .contains("svhn:%s,held-out=0.25: 180 training and 120 test images\n".formatted(data));
    assertThat(training.err()).isEmpty();
    JsonNode validation =
        launcher
            .run("eval", run, "--data", "svhn-validation:" + data, "--held-out", 0.25, "--json")
            .json();
    assertThat(validation.get("images").asInt()).isEqualTo(60);
  }

  private static Object[] with(Object[] arguments, Object... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray();
  }

  private Finished train(Object... more) {
    return train(launcher, more);
  }

  private Finished train(Launcher from, Object... more) {
    Object[] arguments = new Object[SMALL.length + more.length + 2];
    System.arraycopy(SMALL, 0, arguments, 0, SMALL.length);
    System.arraycopy(more, 0, arguments, SMALL.length, more.length);
    arguments[arguments.length - 2] = "--out";
    arguments[arguments.length - 1] = run;
    return from.run(arguments);
  }
}
