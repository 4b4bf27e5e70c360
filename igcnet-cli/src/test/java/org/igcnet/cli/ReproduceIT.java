package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Two small networks on a few drawn pictures, two epochs each. */
class ReproduceIT {
  @TempDir Path folder;

  private static final int SEEDS = 4;
  private static final int RUNS = 2 * SEEDS;
  private static final int PICTURES = 150;

  private Path experiment;
  private String data;
  private Launcher launcher;

  @BeforeEach
  void prepare() throws IOException {
    launcher = Launcher.in(Files.createDirectory(folder.resolve("work")));
    experiment = folder.resolve("small.json");
    try (InputStream in = ReproduceIT.class.getResourceAsStream("small.json")) {
      Files.copy(Objects.requireNonNull(in), experiment);
    }
    Path pictures = folder.resolve("pictures");
    draw(pictures.resolve("red"), Color.RED);
    draw(pictures.resolve("green"), Color.GREEN);
    draw(pictures.resolve("blue"), Color.BLUE);
    data = "folder:%s,size=16,held-out=0.2:1".formatted(pictures);
  }

  private static void draw(Path folder, Color color) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(i % 3 == 0 ? Color.GRAY : color);
      graphics.fillRect(i % 8, i % 5, 4 + i % 7, 6);
      graphics.dispose();
      ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
    }
  }

  @Tag("long")
  @Test
  void killedThreeTimesItLosesNoFinishedRunAndEndsWithTheSameResults() throws Exception {
    Path whole = folder.resolve("whole");
    Path killed = folder.resolve("killed");
    Map<Path, FileTime> kept = new TreeMap<>();
    for (int finished = 1; finished <= 3; finished++) {
      Process process = launcher.start(reproduction(killed));
      while (process.isAlive() && finishedRuns(killed).size() < finished) {
        Thread.sleep(5);
      }

      process.destroyForcibly().waitFor();
      assertThat(finishedRuns(killed)).as("before kill %d", finished).containsAllEntriesOf(kept);
      kept.putAll(finishedRuns(killed));
      assertThat(kept).hasSizeGreaterThanOrEqualTo(finished);
    }
    Process process = launcher.start(reproduction(killed));
    int before = kept.size();
    while (process.isAlive() && finishedRuns(killed).size() <= before) {
      Thread.sleep(5);
    }
    process.destroy();
    Finished stopped = launcher.finish(process);
    assertThat(stopped.code()).as(stopped.err()).isEqualTo(143);
    assertThat(Finished.parse(stopped.out()).get("finished").asInt())
        .isBetween(before + 1, RUNS - 1);
    kept.putAll(finishedRuns(killed));

    JsonNode after = launcher.run(reproduction(killed)).json();
    JsonNode uninterrupted = launcher.run(reproduction(whole)).json();

    assertThat(kept).as("killed before all was done").hasSizeLessThan(RUNS);
    assertThat(finishedRuns(killed))
        .as("never trained again")
        .containsAllEntriesOf(kept)
        .hasSize(RUNS);
    assertThat(after.get("finished").asInt()).isEqualTo(RUNS);
    JsonNode stored = Finished.parse(Files.readString(killed.resolve("results.json")));
    assertThat(stored).isEqualTo(after);
    assertThat(untimed(stored)).isEqualTo(untimed(uninterrupted));
  }

  @Test
  void aRunOfTrainIsTakenInAndProgressIsALineARun() throws IOException {
    Path out = folder.resolve("out");
    launcher
        .run(
            "train",
            "IGC-L4M2",
            "--depth",
            5,
            "--epochs",
            2,
            "--batch",
            64,
            "--recipe",
            "paper",
            "--data",
            data,
            "--out",
            out.resolve("runs/own/mine"))
        .succeeded();
    Finished finished =
        launcher.run("reproduce", experiment, "--data", data, "--out", out).succeeded();
    assertThat(finished.out())
        .startsWith("Small networks\nPictures: the paper's recipe\n2 runs, 1 finished, ")
        .containsPattern("\n  2/2   RegConv-W4, depth 5, folder, seed 1: [0-9.]+% after epoch 2")
        .containsPattern("folder  5  IGC-L4M2    validation accuracy  [0-9.]+  1")
        .endsWith("The report is %s.\n".formatted(out.resolve("report.html")))
        .doesNotContain("\r", "\u001b");
    assertThat(finished.err()).isEmpty();
    assertThat(Files.readString(out.resolve("report.html")))
        .contains(
            " reproduce " + experiment + "</span> <span>--data folder:",
            "<span>--seeds 1</span> <span>--engine igc</span>");
  }

  private Object[] reproduction(Path out) {
    return new Object[] {
      "reproduce",
      experiment,
      "--data",
      data,
      "--seeds",
      SEEDS,
      "--threads",
      1,
      "--json",
      "--out",
      out
    };
  }

  /**
   * The metrics of runs that have both epochs, and when they were written. Files that are moved
   * meanwhile are passed over.
   */
  private static Map<Path, FileTime> finishedRuns(Path out) throws IOException {
    Map<Path, FileTime> finished = new TreeMap<>();
    Files.walkFileTree(
        out,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.endsWith("metrics.jsonl") && Files.readString(file).lines().count() == 2) {
              finished.put(file, Files.getLastModifiedTime(file));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return finished;
  }

  /** Without what the clock says. */
  private static JsonNode untimed(JsonNode results) {
    JsonNode copy = results.deepCopy();
    for (JsonNode parent : copy.findParents("imagesPerSecond")) {
      ((ObjectNode) parent).remove("imagesPerSecond");
      ((ObjectNode) parent).remove("seconds");
    }
    return copy;
  }
}
