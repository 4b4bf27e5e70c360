package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.data.Augmentation;
import org.igcnet.data.LeftAlone;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Recipe;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of runs on folders of pictures. */
class RunsReportTest {
  @TempDir Path folder;
  private final Heard heard = new Heard();

  /** Keeps what is told. */
  private static final class Heard implements ReportListener {
    final List<String> leftAlone = new ArrayList<>();
    final List<String> skipped = new ArrayList<>();
    final Set<String> work = new TreeSet<>();

    @Override
    public void progress(String what, long done, long all, String unit) {
      work.add(done == all ? "%s %d %s".formatted(what, done, unit) : what);
    }

    @Override
    public void leftAlone(LeftAlone some) {
      leftAlone.add(some.toString());
    }

    @Override
    public void skipped(String sentence) {
      skipped.add(sentence);
    }
  }

  /** Writes so many pictures of each of two classes. */
  private static void pictures(Path part, int each) throws IOException {
    for (String name : List.of("dark", "light")) {
      Path at = Files.createDirectories(part.resolve(name));
      for (int i = 0; i < each; i++) {
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
        Graphics2D brush = image.createGraphics();
        brush.setColor(name.equals("dark") ? new Color(0, 0, 10 * i) : new Color(255, 255, 10 * i));
        brush.fillRect(0, 0, 16, 16);
        brush.dispose();
        ImageIO.write(image, "png", at.resolve(i + ".png").toFile());
      }
    }
  }

  private Path trained(String data) {
    Splits splits = Splits.open(data);
    Path at = folder.resolve("run");
    try (TrainingRun run =
        TrainingRun.start(
            at,
            new Architecture(
                NetworkName.parse("RegConv-W4"), Body.STAGES, 5, 2, splits.train().shape()),
            splits,
            Recipe.paper(false, 1, Augmentation.SCALE_AND_MIRROR, 1),
            Compute.threads(1))) {
      run.run(TrainingListener.SILENT);
    }
    return at;
  }

  private RunsReport.Found report(Path... runs) {
    List<RunsReport.Found> found =
        new RunsReport(
                List.of(runs),
                folder.resolve("report.html"),
                run -> new Repeat("train " + run.network(), List.of()))
            .write(Optional.empty(), Compute.threads(1), heard);
    return found.getFirst();
  }

  @Test
  void whatIsHeldOutIsForValidationAndWhatIsLeftAloneIsToldOnce() throws IOException {
    Path data = folder.resolve("pictures");
    pictures(data, 8);
    Files.writeString(data.resolve("dark/notes.txt"), "dark");
    Path run = trained("folder:" + data + ",size=16,held-out=0.25");
    RunsReport.Found found = report(run, run);
    assertThat(found.images()).isEqualTo(4);
    assertThat(found.kind()).isEqualTo("validation images");
    assertThat(heard.leftAlone).containsExactly("1 .txt file (dark/notes.txt)");
    assertThat(heard.skipped).isEmpty();
    assertThat(heard.work).contains("finding pictures", "examining 4 images", "measuring layers");
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("of the 4 validation images of folder:", "Validation accuracy, best");
    List<String> classes = Files.readAllLines(folder.resolve("report-classes.csv"));
    assertThat(classes)
        .hasSize(5)
        .startsWith("run,class,images,correct,accuracy,taken_for,precision")
        .allMatch(row -> row.startsWith("run,") || row.startsWith(run + ","));
    assertThat(classes.stream().skip(1).map(row -> row.split(",", -1)[2])).containsOnly("2");
    assertThat(correct(classes)).isEqualTo(Math.round(found.accuracy() / 100 * 4));
  }

  @Test
  void theHeadlineSaysOfHowManyImagesItIs() throws IOException {
    Path data = folder.resolve("pictures");
    pictures(data, 8);
    Path run = trained("folder:" + data + ",size=16,held-out=0.25");
    for (int i = 0; i < 8; i++) {
      Path picture = data.resolve("light/" + i + ".png");
      byte[] bytes = Files.readAllBytes(picture);
      Arrays.fill(bytes, 20, bytes.length, (byte) 0);
      Files.write(picture, bytes);
    }
    assertThat(report(run).images()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains(
            "0.25 that the training held out, without 2 that could not be decoded, the model of epoch 1");
  }

  /** Of the first run. */
  private static long correct(List<String> classes) {
    return classes.subList(1, 3).stream()
        .mapToLong(row -> Long.parseLong(row.split(",", -1)[3]))
        .sum();
  }

  @Test
  void theWorstMistakesAreFoundByTheirNames() throws IOException {
    Path data = folder.resolve("pictures");
    pictures(data, 8);
    report(trained("folder:" + data + ",size=16,held-out=0.5"));
    assertThat(Files.readString(folder.resolve("report.html")))
        .containsPattern("<span class=\"name\">(dark|light)/[0-7]\\.png</span>");
  }

  /** As a training goes on beside it, in this process: the page follows, and ends with it. */
  @Test
  void aPageOfATrainingThatRunsLoadsItselfAgainUntilItsEnd() throws IOException {
    Splits shapes = new Splits("shapes", Shapes.train(0, 70), Shapes.test(0, 20));
    Path at = folder.resolve("run");
    Path page = folder.resolve("report.html");
    RunsReport report =
        new RunsReport(List.of(at), page, run -> new Repeat("train again", List.of()));
    List<String> pages = new ArrayList<>();
    try (TrainingRun run =
        TrainingRun.start(
            at,
            Architecture.cifar("RegConv-W4", 5, 10),
            shapes,
            Recipe.paper(false, 2, Augmentation.NONE, 1),
            Compute.threads(1))) {
      TrainingListener afterEachEpoch =
          new TrainingListener() {
            @Override
            public void batch(BatchProgress progress) {}

            @Override
            public void epoch(EpochMetrics metrics, boolean best) {
              assertThat(report.watch(() -> false))
                  .as("at its end")
                  .isEqualTo(metrics.epoch() == 2);
              pages.add(read(page));
            }
          };
      boolean ended =
          report.watch(
              () -> {
                pages.add(read(page));
                run.run(afterEachEpoch);
                return true;
              });
      assertThat(ended).isTrue();
    }
    assertThat(pages).hasSize(3);
    assertThat(pages.get(0))
        .contains("The first epoch is not done yet", "data-renew=\"5\"", "0 of 2");
    assertThat(pages.get(1)).contains("1 of 2", "train again").doesNotContain("data-renew=\"");
  }

  @Test
  void whatNobodyTrainsIsNotWatched() throws IOException {
    pictures(folder.resolve("pictures"), 4);
    Path run = trained("folder:" + folder.resolve("pictures") + ",size=16,held-out=0.5");
    Path page = folder.resolve("watched.html");
    RunsReport report = new RunsReport(List.of(run), page, _ -> new Repeat("", List.of()));
    assertThat(report.watch(() -> false)).isTrue();
    assertThat(page).doesNotExist();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aValidationSetOfItsOwnIsCalledSo() throws IOException {
    Path data = folder.resolve("pictures");
    pictures(data.resolve("train"), 8);
    pictures(data.resolve("valid"), 3);
    assertThat(report(trained("folder:" + data + ",size=16")).kind())
        .isEqualTo("validation images");
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("of the 6 validation images of folder:", "Validation accuracy, best")
        .doesNotContainIgnoringCase("test accuracy");
  }
}
