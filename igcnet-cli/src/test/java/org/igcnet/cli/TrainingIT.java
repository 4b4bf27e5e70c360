package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Trains two epochs on {@code shapes} once, and uses what comes of it. */
@TestInstance(Lifecycle.PER_CLASS)
class TrainingIT {
  private static final Object[] TRAINING = {
    "train", "IGC-L4M2", "--depth", 5, "--epochs", 2, "--lr", 0.05, "--seed", 7, "--out"
  };

  private Path parent;
  private Path trained;
  private Finished training;
  private Launcher launcher;

  /** A copy of the trained folder that a test may spoil. */
  private Path run;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    parent = folder;
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
    trained = parent.resolve("trained");
    training = launcher.run(with(TRAINING, trained, "--threads", 1)).succeeded();
  }

  @BeforeEach
  void copy(@TempDir Path folder) throws IOException {
    run = Files.createDirectory(folder.resolve("run"));
    for (Map.Entry<String, byte[]> file : files(trained).entrySet()) {
      Files.write(run.resolve(file.getKey()), file.getValue());
    }
  }

  @Test
  void trainingSaysALineAnEpochWithoutControlCharacters() {
    assertThat(training.out())
        .startsWith("IGC-L4M2, depth 5, 10 classes: ")
        .containsPattern("\n +1 .*%.*\n +2 .*%")
        .containsPattern("Best test accuracy [0-9.]+% after epoch [12]; that model is in ")
        .doesNotContain("\r", "\u001b");
    assertThat(training.err()).isEmpty();
    assertThat(files(trained))
        .containsOnlyKeys(
            ".lock",
            "run.json",
            "metrics.jsonl",
            "last.safetensors",
            "model.json",
            "model.safetensors");
    assertThat(text(trained.resolve("metrics.jsonl")).lines()).hasSize(2);
  }

  @Test
  void networksBeyondThePapersTrainAndAreUsedAlike() throws IOException {
    Path folder = parent.resolve("variation");
    String name = "IGC-L2x2M2-relu+Ident";
    JsonNode outcome =
        launcher
            .run(
                "train",
                name,
                "--body",
                "imagenet",
                "--depth",
                10,
                "--epochs",
                1,
                "--lr",
                0.05,
                "--out",
                folder,
                "--json")
            .document();
    assertThat(outcome.get("network").asString()).isEqualTo(name);
    double accuracy = outcome.get("last").get("testAccuracy").asDouble();
    assertThat(accuracy).isGreaterThan(12);
    JsonNode eval = launcher.run("eval", folder, "--data", "shapes", "--json").json();
    assertThat(eval.get("accuracy").asDouble()).isEqualTo(accuracy);
    Path drawn = draw("big.png", 200, 120);
    assertThat(launcher.run("predict", folder, drawn, "--json").json()).hasSize(1);
  }

  /** Between what the epoch came to and its checkpoint, or just behind. */
  @Tag("long")
  @Test
  void killedAndResumedItEndsWithTheSameBytes() throws Exception {
    Path killed = parent.resolve("killed");
    Process process = launcher.start(with(TRAINING, killed, "--threads", 2));
    Path metrics = killed.resolve("metrics.jsonl");
    while (process.isAlive() && !Files.exists(metrics)) {
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    assertThat(text(metrics).lines()).as("killed within the second epoch").hasSize(1);

    JsonNode outcome = launcher.run("train", "--resume", killed, "--json").document();

    assertThat(outcome.get("last").get("epoch").asInt()).isEqualTo(2);
    for (String file : new String[] {"last.safetensors", "model.safetensors", "model.json"}) {
      assertThat(killed.resolve(file)).hasSameBinaryContentAs(trained.resolve(file));
    }
  }

  @Test
  void stoppedBySignalsAndKilledItEndsWithTheSameBytes() throws Exception {
    Path stopped = parent.resolve("stopped");
    Process first = launcher.start(with(TRAINING, stopped, "--threads", 2));
    launcher.awaitText(first, "out", "best so far");
    first.destroy();
    Finished terminated = launcher.finish(first);
    assertThat(terminated.code()).isEqualTo(143);
    assertThat(terminated.err())
        .containsPattern(
            "igcnet: the training stopped after batch \\d+ of 235 in epoch 2; .*igcnet train --resume %s goes on\n$"
                .formatted(stopped))
        .doesNotContain("\tat ");

    Process second = launcher.start("train", "--resume", stopped, "--json");
    launcher.awaitText(second, "err", "run folder");
    int code = Signal.INT.send(second);
    Finished interrupted = launcher.finish(second);
    assertThat(interrupted.code()).isEqualTo(code);
    assertThat(interrupted.out()).isEmpty();
    assertThat(interrupted.err())
        .containsPattern("igcnet: the training stopped .* in epoch 2; .* goes on\n$")
        .doesNotContain("\tat ");

    Process killed = launcher.start("train", "--resume", stopped);
    launcher.awaitText(killed, "out", "run folder");
    killed.destroyForcibly().waitFor();
    assertThat(text(stopped.resolve("metrics.jsonl")).lines()).as("epochs so far").hasSize(1);

    JsonNode outcome = launcher.run("train", "--resume", stopped, "--json").document();
    assertThat(outcome.get("last").get("epoch").asInt()).isEqualTo(2);
    for (String file : new String[] {"last.safetensors", "model.safetensors", "model.json"}) {
      assertThat(stopped.resolve(file)).hasSameBinaryContentAs(trained.resolve(file));
    }
  }

  @Test
  void runsThatBeginInOneSecondGetFoldersOfTheirOwn() throws Exception {
    Path both = Files.createDirectory(parent.resolve("both"));
    Launcher one = Launcher.in(Files.createDirectory(both.resolve("one")));
    Path runs = Files.createDirectory(one.folder().resolve("runs"));
    Launcher other = Launcher.in(Files.createDirectory(both.resolve("other")));
    Files.createSymbolicLink(other.folder().resolve("runs"), runs);
    Object[] training = {"train", "IGC-L4M2", "--depth", 5, "--epochs", 1, "--threads", 1};
    for (int attempt = 0; attempt < 3; attempt++) {
      Process first = one.start(training);
      Process second = other.start(training);
      one.awaitText(first, "out", "run folder");
      other.awaitText(second, "out", "run folder");
      first.destroyForcibly().waitFor();
      second.destroyForcibly().waitFor();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      assertThat(folders.filter(folder -> Files.exists(folder.resolve("run.json")))).hasSize(6);
    }
  }

  @Test
  void evalMeasuresWhatTrainingMeasured() {
    JsonNode eval = launcher.run("eval", trained, "--data", "shapes", "--json").json();
    double best =
        text(trained.resolve("metrics.jsonl"))
            .lines()
            .mapToDouble(line -> Finished.parse(line).get("testAccuracy").asDouble())
            .max()
            .orElseThrow();
    assertThat(eval.get("accuracy").asDouble()).isEqualTo(best).isGreaterThan(12);
    assertThat(eval.get("top5").asDouble()).isBetween(best, 100.0);
    assertThat(eval.get("loss").asDouble()).isBetween(0.0, 2.3);
    assertThat(eval.get("images").asInt()).isEqualTo(2000);
    assertThat(eval.get("correct").asDouble()).isEqualTo(best / 100 * 2000);
    assertThat(eval.get("classes")).hasSize(10);
    assertThat(sum(eval, "images")).isEqualTo(2000);
    assertThat(sum(eval, "correct")).isEqualTo(eval.get("correct").asInt());
    JsonNode disc = eval.get("classes").get(0);
    assertThat(disc.get("name").asString()).isEqualTo("disc");
    assertThat(disc.get("accuracy").asDouble())
        .isEqualTo(100.0 * disc.get("correct").asInt() / disc.get("images").asInt());
    assertThat(launcher.run("eval", trained).succeeded().out())
        .contains(", %,d of 2,000\n".formatted(eval.get("correct").asInt()))
        .contains("\ntop-5 ")
        .containsPattern("\ndisc +[0-9.]+% +[0-9]+ +[0-9]+\n");
  }

  private static int sum(JsonNode eval, String key) {
    return eval.get("classes").valueStream().mapToInt(one -> one.get(key).asInt()).sum();
  }

  @Test
  void aReportMeasuresWhatEvalMeasures() {
    double accuracy = launcher.run("eval", run, "--json").json().get("accuracy").asDouble();
    Path page = run.resolve("page.html");
    JsonNode report = launcher.run("report", run, "--out", page, "--json").json();
    assertThat(report.get("report").asString()).isEqualTo(page.toString());
    assertThat(report.get("runs").get(0).get("accuracy").asDouble()).isEqualTo(accuracy);
    assertThat(text(page)).startsWith("<!doctype html>").contains("Worst mistakes");
    assertThat(report.get("classes").asString())
        .isEqualTo(run.resolve("page-classes.csv").toString());
    assertThat(Path.of(report.get("classes").asString())).isNotEmptyFile();
    assertThat(Path.of(report.get("confusion").asString())).isNotEmptyFile();
  }

  @Test
  void predictTakesPicturesOfAnySize() throws IOException {
    Path drawn = draw("disc.png", 200, 120);
    Path small = draw("small.gif", 32, 32);
    JsonNode predictions =
        launcher.run("predict", trained, drawn, small, "--top", 3, "--json").json();
    assertThat(predictions).hasSize(2);
    JsonNode first = predictions.get(0);
    assertThat(first.get("file").asString()).isEqualTo(drawn.toString());
    assertThat(first.get("predictions")).hasSize(3);
    double[] probabilities =
        first
            .get("predictions")
            .valueStream()
            .mapToDouble(p -> p.get("probability").asDouble())
            .toArray();
    assertThat(probabilities[0]).isBetween(0.1, 1.0).isGreaterThanOrEqualTo(probabilities[1]);
    assertThat(first.get("predictions").get(0).get("label").asString()).isNotBlank();

    assertThat(launcher.run("predict", trained, drawn, small).succeeded().out())
        .contains(drawn + " (200×120, its middle 120×120 resized to 32×32)\n")
        .contains(small + " (32×32, taken as it is)\n");
  }

  @Test
  void aPictureWhoseNameHasTwoLinesIsListedOnOne() throws IOException {
    Path drawn = draw("one\n  99%  cat.png", 32, 32);
    String out = launcher.run("predict", trained, drawn, "--top", 1).succeeded().out();
    assertThat(out)
        .startsWith(
            "%s/one\\u000a  99%%  cat.png (32×32, taken as it is)\n".formatted(drawn.getParent()))
        .hasLineCount(2);
  }

  @Test
  void whatIsNoPictureIsRefused() throws IOException {
    Path text = Files.writeString(run.resolve("text.png"), "not a picture");
    Path good = draw("good.png", 40, 40);
    byte[] half = Files.readAllBytes(good);
    Path cut = Files.write(run.resolve("cut.png"), Arrays.copyOf(half, half.length / 2));

    assertThat(launcher.run("predict", trained, text).refusal()).contains("text.png", "PNG, JPEG");
    assertThat(launcher.run("predict", trained, run.resolve("no.png")).refusal())
        .contains("no.png");
    Path empty = Files.createDirectory(run.resolve("empty"));
    assertThat(launcher.run("predict", trained, empty).refusal())
        .isEqualTo("igcnet: there is no picture in " + empty);

    Finished passedOver = launcher.run("predict", trained, cut, good, "--top", 1);
    assertThat(passedOver.code()).isEqualTo(1);
    assertThat(passedOver.out()).startsWith(good + " (40×40, ").hasLineCount(2);
    assertThat(passedOver.err())
        .startsWith("igcnet: %s is a damaged picture".formatted(cut))
        .endsWith("\nigcnet: 1 of 2 pictures could not be read\n")
        .hasLineCount(2);
  }

  @Test
  void predictTakesAllPicturesBelowAFolder() throws IOException {
    Path below = Files.createDirectories(run.resolve("photos/one/two"));
    Path first = draw("photos/a.png", 40, 40);
    Path damaged = Files.writeString(run.resolve("photos/b.jpg"), "not a picture");
    Path last = draw("photos/one/two/c.PNG", 50, 40);
    Files.copy(first, run.resolve("photos/.hidden.png"));
    Files.writeString(below.resolve("notes.txt"), "not a picture");

    Finished finished = launcher.run("predict", trained, run.resolve("photos"), "--json");

    assertThat(finished.code()).isEqualTo(1);
    JsonNode entries = Finished.parse(finished.out());
    assertThat(entries.valueStream().map(entry -> entry.get("file").asString()))
        .containsExactly(first.toString(), damaged.toString(), last.toString());
    assertThat(entries.get(0).get("predictions")).hasSize(5);
    assertThat(entries.get(1).get("error").asString()).contains("b.jpg is no picture");
    assertThat(entries.get(1).has("predictions")).isFalse();
    assertThat(entries.get(2).has("error")).isFalse();
    assertThat(finished.err()).endsWith("\nigcnet: 1 of 3 pictures could not be read\n");
  }

  /** A row for each, in the order of their names, whole or not at all. */
  @Test
  void predictWritesATable() throws IOException {
    Files.createDirectories(run.resolve("photos/a,\"b\""));
    Path quoted = draw("photos/a,\"b\"/größe\n2.png", 40, 40);
    Path damaged = Files.writeString(run.resolve("photos/c.jpg"), "not a picture");
    Path last = draw("photos/d.png", 50, 40);
    Path csv = run.resolve("out.csv");

    Finished finished =
        launcher.run("predict", trained, run.resolve("photos"), "--csv", csv, "--top", 2);

    assertThat(finished.code()).isEqualTo(1);
    assertThat(finished.out()).isEqualTo("3 pictures are in %s.\n".formatted(csv));
    assertThat(finished.err())
        .isEqualTo("igcnet: 1 of 3 pictures could not be read; the table says why\n");
    List<CSVRecord> rows;
    try (CSVParser parsed = CSVParser.parse(csv, StandardCharsets.UTF_8, CSVFormat.RFC4180)) {
      rows = parsed.getRecords();
    }
    assertThat(rows.getFirst().toList())
        .containsExactly("file", "label", "probability", "label_2", "probability_2", "error");
    assertThat(rows.stream().skip(1).map(row -> row.get(0)))
        .containsExactly(quoted.toString(), damaged.toString(), last.toString());
    assertThat(rows.get(2).stream().skip(1).limit(4)).containsOnly("");
    assertThat(rows.get(2).get(5)).startsWith(damaged + " is no picture");
    Path others = Files.createDirectory(run.resolve("others"));
    Files.copy(last, others.resolve("d.png"));
    JsonNode same = launcher.run("predict", trained, others, "--json").document().get(0);
    JsonNode alone = launcher.run("predict", trained, last, "--json").json().get(0);
    for (int rank = 0; rank < 2; rank++) {
      JsonNode prediction = same.get("predictions").get(rank);
      assertThat(rows.get(3).get(1 + 2 * rank)).isEqualTo(prediction.get("label").asString());
      double probability = prediction.get("probability").asDouble();
      assertThat(Double.parseDouble(rows.get(3).get(2 + 2 * rank))).isEqualTo(probability);
      JsonNode byPlainLoops = alone.get("predictions").get(rank);
      assertThat(byPlainLoops.get("label")).isEqualTo(prediction.get("label"));
      assertThat(byPlainLoops.get("probability").asDouble()).isCloseTo(probability, within(1e-6));
    }

    assertThat(launcher.run("predict", trained, last, "--csv", run.resolve("no/x.csv")).refusal())
        .isEqualTo(
            "igcnet: %s cannot be written: its folder does not exist"
                .formatted(run.resolve("no/x.csv")));
    Path good = Files.writeString(run.resolve("good.csv"), "good");
    assertThat(launcher.run("predict", trained, run.resolve("photoz"), "--csv", good).refusal())
        .isEqualTo(
            "igcnet: %s does not exist, so there is nothing to write a table of"
                .formatted(run.resolve("photoz")));
    assertThat(good).hasContent("good");
    Finished piped = launcher.run("predict", trained, last, "--csv", "/dev/stdout", "--top", 1);
    assertThat(piped.succeeded().out())
        .startsWith("file,label,probability,error\r\n" + last + ",")
        .hasLineCount(2);
  }

  @Test
  void aDamagedCheckpointIsRefusedAndLeftAlone() {
    change("last.safetensors", TrainingIT::flipLastBit);
    assertThat(refusal("train", "--resume", run)).contains("last.safetensors", "damaged");
  }

  @Test
  void aTruncatedCheckpointIsRefusedAndLeftAlone() {
    change("last.safetensors", bytes -> Arrays.copyOf(bytes, bytes.length - 100));
    assertThat(refusal("train", "--resume", run)).contains("last.safetensors");
  }

  @Test
  void anotherNetworksCheckpointIsRefused() {
    change("run.json", bytes -> replace(bytes, "IGC-L4M2", "IGC-L2M4"));
    assertThat(refusal("train", "--resume", run)).contains("last.safetensors", "another run");
  }

  @Test
  void damagedWeightsAreRefused() {
    change("model.safetensors", TrainingIT::flipLastBit);
    assertThat(refusal("eval", run)).contains("model.safetensors");
    assertThat(refusal("predict", run, "cat.png")).contains("model.safetensors");
  }

  @Test
  void aDescriptionThatIsNoJsonIsRefused() {
    change("model.json", bytes -> Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(refusal("eval", run)).contains("model.json");
  }

  @Test
  void aFolderThatHoldsARunIsNotOverwritten() {
    assertThat(refusal(with(TRAINING, run))).contains("already holds a run", "--resume");
  }

  @Test
  void classesMustBeTheModels() {
    change("model.json", bytes -> replace(bytes, "\"disc\"", "\"plate\""));
    assertThat(refusal("eval", run)).contains("plate");
  }

  /** Runs a command that must be refused and must leave the run folder as it is. */
  private String refusal(Object... arguments) {
    Map<String, byte[]> before = files(run);
    String refusal = launcher.run(arguments).refusal();
    assertThat(files(run)).usingRecursiveComparison().isEqualTo(before);
    return refusal;
  }

  private void change(String name, UnaryOperator<byte[]> how) {
    Path file = run.resolve(name);
    try {
      Files.write(file, how.apply(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] flipLastBit(byte[] bytes) {
    bytes[bytes.length - 1] ^= 1;
    return bytes;
  }

  private static byte[] replace(byte[] bytes, String what, String with) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text).contains(what);
    return text.replace(what, with).getBytes(StandardCharsets.UTF_8);
  }

  private Path draw(String name, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.BLUE);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.YELLOW);
    graphics.fillOval(width / 4, height / 4, height / 2, height / 2);
    graphics.dispose();
    Path file = run.resolve(name);
    ImageIO.write(image, name.substring(name.indexOf('.') + 1), file.toFile());
    return file;
  }

  private static Object[] with(Object[] arguments, Object... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> files(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
