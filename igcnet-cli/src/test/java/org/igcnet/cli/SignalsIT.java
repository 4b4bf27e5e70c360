package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Ctrl-C and SIGTERM in the middle of what takes a minute: a network that is slow, and many
 * pictures. How {@code train} takes the first is in {@link TrainingIT}, and {@code reproduce} in
 * {@link ReproduceIT}.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SignalsIT {
  private static final int PICTURES = 4_000;

  /** What takes the line away that says how far it is. */
  private static final String WIPED = "\r\u001b[?7l\u001b[J\u001b[?7h\r";

  private Path parent;
  private Path run;
  private Path many;
  private Launcher launcher;

  @BeforeAll
  void train(@TempDir Path folder) throws IOException {
    parent = folder;
    run = parent.resolve("run");
    many = parent.resolve("many");
    launcher =
        Launcher.in(Files.createDirectory(parent.resolve("work")))
            .with(Map.of("IGCNET_JAVA_OPTS", "-Digcnet.columns=80"));
    Path few = parent.resolve("few");
    fill(few, 4, 40);
    fill(many, PICTURES / 2, 48);
    launcher
        .run(
            "train",
            "RegConv-W32",
            "--depth",
            20,
            "--epochs",
            1,
            "--data",
            "folder:" + few,
            "--size",
            32,
            "--held-out",
            0.5,
            "--batch",
            2,
            "--out",
            run)
        .succeeded();
  }

  /** Two classes, of one picture by as many names as there are to be pictures. */
  private static void fill(Path folder, int count, int size) throws IOException {
    for (String name : new String[] {"dark", "light"}) {
      Path classFolder = Files.createDirectories(folder.resolve(name));
      Path first = classFolder.resolve("0.png");
      ImageIO.write(
          new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB), "png", first.toFile());
      for (int i = 1; i < count; i++) {
        Files.createSymbolicLink(classFolder.resolve(i + ".png"), first);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void evalEndsAtOnce(Signal signal) throws Exception {
    assertEndsAtOnce(signal, "testing", "eval", run, "--data", "folder:" + many);
  }

  @ParameterizedTest
  @EnumSource
  void reportEndsAtOnce(Signal signal) throws Exception {
    assertEndsAtOnce(signal, "examining", "report", run, "--data", "folder:" + many);
  }

  @ParameterizedTest
  @EnumSource
  void predictEndsAtOnce(Signal signal) throws Exception {
    assertEndsAtOnce(signal, "predicting", "predict", run, many, "--json");
  }

  @ParameterizedTest
  @EnumSource
  void predictLeavesNoTable(Signal signal) throws Exception {
    assertEndsAtOnce(signal, "predicting", "predict", run, many, "--csv", run.resolve("table.csv"));
  }

  /** With nothing said, nothing written, and the line taken away that says how far it is. */
  private void assertEndsAtOnce(Signal signal, String work, Object... command) throws Exception {
    List<String> before = names(run);
    Object[] slow = Stream.concat(Stream.of(command), Stream.of("--threads", 1)).toArray();
    Process process = launcher.start(slow);
    launcher.awaitText(process, "err", "  %s  ".formatted(work));
    int code = signal.send(process);
    Finished finished = launcher.finish(process);
    assertThat(finished.code()).as(finished.err()).isEqualTo(code);
    assertThat(finished.out()).isEmpty();
    assertThat(finished.err()).endsWith(WIPED).doesNotContain("igcnet: ", "\n");
    assertThat(names(run)).isEqualTo(before);
  }

  /** The first asks it to stop after the step, which takes long; two at a time may come as one. */
  @Test
  void theSecondCtrlCEndsATrainingAtOnce() throws Exception {
    Path stopped = parent.resolve("stopped");
    Process process =
        launcher.start(
            "train",
            "RegConv-W128",
            "--depth",
            20,
            "--batch",
            64,
            "--threads",
            1,
            "--out",
            stopped);
    launcher.awaitText(process, "out", "run folder");
    int code = Signal.INT.send(process);
    while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
      Signal.INT.send(process);
    }
    Finished finished = launcher.finish(process);
    assertThat(finished.code()).isEqualTo(code);
    assertThat(finished.err()).endsWith(WIPED).doesNotContain("igcnet: ", "\n");
    assertThat(names(stopped)).containsExactly("", ".lock", "run.json");

    Process resumed = launcher.start("train", "--resume", stopped);
    launcher.awaitText(resumed, "out", "run folder " + stopped);
    resumed.destroyForcibly().waitFor();
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      return below.map(path -> folder.relativize(path).toString()).sorted().toList();
    }
  }
}
