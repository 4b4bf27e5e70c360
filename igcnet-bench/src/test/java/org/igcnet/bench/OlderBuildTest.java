package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.igcnet.UserError;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Inference;
import org.igcnet.bench.Contender.Older;
import org.igcnet.bench.Contender.Peak;
import org.igcnet.bench.Contender.Training;
import org.igcnet.bench.Report.Beside;
import org.igcnet.bench.Row.Gauge;
import org.igcnet.bench.Suite.Heat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OlderBuildTest {
  private static final Net NET = Net.cifar("IGC-L2M2", 5);
  private static final Training OURS = new Training(Engine.IGCNET, NET, 4, 1);
  private static final Effort LEAST = new Effort(1, 2, 0, 0, 0.01);

  /** A worker as the first builds had: it does not greet. A step takes it a tenth of a second. */
  private static final String SILENT_WORKER =
      """
      package org.igcnet.bench;
      class Worker {
        public static void main(String[] arguments) {
          var orders = new java.util.Scanner(System.in);
          while (orders.hasNextLine()) {
            orders.nextLine();
            System.out.println("[100000000,100000000,100000000]");
          }
        }
      }
      """;

  /** A worker whose first answer is how many flags of {@code build/jvm.options} it has. */
  private static final String TELLING_WORKER =
      """
      package org.igcnet.bench;
      class Worker {
        public static void main(String[] arguments) throws Exception {
          var flags = new java.util.ArrayList<>(
              java.nio.file.Files.readAllLines(java.nio.file.Path.of("../build/jvm.options")));
          flags.removeIf(line -> line.isEmpty() || line.startsWith("#"));
          flags.retainAll(
              java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
          System.out.println("[" + flags.size() + "000000000]");
          System.in.read();
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void takesItsTurnsNextToOurs() throws IOException {
    OlderBuild build = OlderBuild.of(jar(SILENT_WORKER, ""));
    Row row =
        new Row("train-it", "what", OURS, List.of(OURS), 2, Gauge.IMAGES_PER_SECOND).against(build);
    Heat heat = new Heat(List.of(row));
    Older older = new Older(OURS, build);
    assertThat(heat.contenders()).startsWith(OURS, older);

    Report report = Report.of(Map.of(heat, Measurement.of(heat.contenders(), LEAST, _ -> {})));
    Report.RowResult line = report.rows().getFirst();
    Beside beside = line.older().orElseThrow();
    assertThat(beside.figure()).isCloseTo(40, within(1e-9));
    assertThat(beside.ratio()).isCloseTo(line.ours() / 40, within(1e-9));
    assertThat(beside.lowerQuartile()).isPositive().isLessThanOrEqualTo(beside.upperQuartile());
    assertThat(beside.floor()).isEqualTo(0.97);
    assertThat(beside.reached()).isEqualTo(beside.ratio() >= 0.97);
    assertThat(report.contenders())
        .extracting(Report.Speed::contender)
        .containsExactly(OURS.toString(), "older " + OURS);
    assertThat(report.table()).contains("beside the older build").contains("train-it   ");
  }

  @Test
  void hasTheFlagsOfThisBuild() throws IOException {
    Older older = new Older(OURS, OlderBuild.of(jar(TELLING_WORKER, "")));
    try (WorkerProcess process = new WorkerProcess(older)) {
      assertThat(process.run(0).median()).isEqualTo(7);
    }
  }

  @Test
  void isAsMuchWorkAsOurs() throws IOException {
    OlderBuild build = OlderBuild.of(jar(SILENT_WORKER, ""));
    Roofline roofline = new Roofline(1e9, 1e9);
    Inference inference = new Inference(Engine.IGCNET, NET, 4, 1);
    for (Contender.OfNetwork ours : List.of(OURS, inference)) {
      Older older = new Older(ours, build);
      assertThat(Roofline.work(older)).isEqualTo(Roofline.work(ours));
      assertThat(roofline.seconds(older)).isEqualTo(roofline.seconds(ours));
      assertThat(LEAST.turn(older)).isEqualTo(LEAST.turn(ours));
      assertThat(Effort.FULL.longestWarmUp(older)).isEqualTo(30);
      assertThat(older.work()).isEqualTo(4);
    }
  }

  @Test
  void withoutOneARowHasNoSuchFigure() {
    Row row = new Row("id", "what", OURS, List.of(OURS), 1, Gauge.IMAGES_PER_SECOND);
    List<Samples> turns = List.of(new Samples(new long[] {1_000_000}));
    Map<Contender, List<Samples>> measured =
        Map.of(OURS, turns, new Peak(1), turns, new Contender.Bandwidth(1), turns);
    Report report = Report.of(Map.of(new Heat(List.of(row)), new Measurement(measured, 0)));
    assertThat(report.rows().getFirst().older()).isEmpty();
    assertThat(report.table()).doesNotContain("older");
  }

  @Test
  void whatIsNoBuildIsRefused() throws IOException {
    Path missing = folder.resolve("missing.jar");
    refused(
        missing,
        "%s cannot be read: it does not exist; it must be the igcnet-bench.jar of a build"
            .formatted(missing));
    Path other = jar("class Other {}", "");
    refused(
        other,
        "%s holds no org.igcnet.bench.Worker; it must be the igcnet-bench.jar of a build"
            .formatted(other));
    Path alone = jar(SILENT_WORKER, "lib/core.jar lib/other.jar");
    Files.createDirectory(folder.resolve("lib"));
    Files.createFile(folder.resolve("lib/core.jar"));
    refused(
        alone,
        "%s needs lib/other.jar beside it, which is missing; a copy of the jar needs one of its libraries too"
            .formatted(alone));
  }

  private static void refused(Path jar, String why) {
    assertThatThrownBy(() -> OlderBuild.of(jar)).isInstanceOf(UserError.class).hasMessage(why);
  }

  /** A jar of one source's classes. */
  private Path jar(String source, String libraries) throws IOException {
    Path classes = Files.createTempDirectory(folder, "classes");
    Path file = Files.writeString(classes.resolve("Source.java"), source);
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", classes.toString(), file.toString());
    assertThat(code).isZero();
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, libraries);
    Path jar = folder.resolve("igcnet-bench.jar");
    try (OutputStream stream = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(stream, manifest);
        var paths = Files.walk(classes)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new ZipEntry(classes.relativize(path).toString()));
        entries.write(Files.readAllBytes(path));
      }
    }
    return jar;
  }
}
