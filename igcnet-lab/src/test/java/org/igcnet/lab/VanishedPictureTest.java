package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.Splits;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures come and go between two calls for the same experiment. */
class VanishedPictureTest {
  private static final int ALL = Integer.MAX_VALUE;

  private static final Scope ONE =
      new Scope(Optional.of(2), 1, List.of(), List.of(), Optional.of(8), Precision.FLOAT32);

  private static final Experiment EXPERIMENT =
      new Experiment(
          Experiment.FORMAT.name(),
          Experiment.FORMAT.version(),
          "small",
          "Small networks",
          List.of("Made for a test."),
          "stages",
          List.of(5),
          List.of(new Experiment.Group("", List.of("IGC-L4M2"))),
          List.of(
              new Experiment.Data(
                  "folder",
                  "Pictures",
                  2,
                  16,
                  new PaperRecipe(40, List.of(20), 8, 0.1, 8, Augmentation.SCALE_AND_MIRROR))),
          List.of(new Experiment.Row("folder", 5, Measure.ACCURACY, List.of("50.00"))),
          List.of());

  @TempDir Path parent;

  @BeforeEach
  void draw() throws IOException {
    for (String name : List.of("dark", "light")) {
      Path folder = Files.createDirectories(pictures().resolve(name));
      for (int i = 0; i < 20; i++) {
        BufferedImage image = new BufferedImage(16 + i, 20, BufferedImage.TYPE_INT_RGB);
        image.setRGB(i % 16, 5, name.equals("light") ? 0xFFFFFF : 0x202020);
        ImageIO.write(image, "png", folder.resolve("%02d.png".formatted(i)).toFile());
      }
    }
  }

  private Path pictures() {
    return parent.resolve("pictures");
  }

  /** Writes down with how many epochs each training began, and how many steps there were. */
  private static final class Heard implements ReproductionListener {
    private final List<Integer> starts = new ArrayList<>();
    private final Set<String> work = ConcurrentHashMap.newKeySet();
    private int batches;

    @Override
    public void progress(String what, long done, long all, String unit) {
      work.add("%s %d/%d %s".formatted(what, done, all, unit));
    }

    @Override
    public void starting(Trial trial, int epochsDone, Overall overall) {
      starts.add(epochsDone);
    }

    @Override
    public void batch(Trial trial, BatchProgress progress, Overall overall) {
      batches++;
    }

    @Override
    public void finished(Trial trial, EpochMetrics last, Overall overall) {}

    @Override
    public void leftOut(Trial trial, String why) {
      throw new AssertionError(why);
    }
  }

  /** Trains so many steps at most. */
  private Heard reproduce(int batches) {
    Heard heard = new Heard();
    Splits data = Splits.open("folder:" + pictures() + ",size=16,held-out=0.2");
    try (Reproduction reproduction =
        Reproduction.open(
            EXPERIMENT,
            ONE,
            List.of(data),
            parent.resolve("out"),
            Workplace.here(Compute.threads(1)),
            "again")) {
      reproduction.run(heard, () -> heard.batches >= batches);
    }
    return heard;
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> runs = Files.list(parent.resolve("out/runs/folder"))) {
      return runs.toList();
    }
  }

  private void lose(String... names) throws IOException {
    for (String name : names) {
      Files.delete(pictures().resolve(name));
    }
  }

  @Test
  void aTrialThatIsDoneStaysDone() throws IOException {
    assertThat(reproduce(ALL).starts).containsExactly(0);
    lose("dark/07.png");
    Files.copy(pictures().resolve("dark/08.png"), pictures().resolve("light/new.png"));
    assertThat(reproduce(ALL).starts).isEmpty();
    assertThat(runs()).hasSize(1);
  }

  /** Four steps an epoch. */
  @Test
  void aTrialThatWasBegunGoesOn() throws IOException {
    Heard first = reproduce(5);
    assertThat(first.starts).containsExactly(0);
    assertThat(first.work).isEmpty();
    lose("dark/07.png");
    Heard rest = reproduce(ALL);
    assertThat(rest.starts).containsExactly(1);
    assertThat(rest.work).contains("finding pictures again 40/40 pictures");
    assertThat(rest.batches).isEqualTo(3);
    assertThat(runs()).hasSize(1);
  }

  @Test
  void whereMoreThanATenthIsGoneItIsAnotherTrial() throws IOException {
    assertThat(reproduce(ALL).starts).containsExactly(0);
    lose("dark/00.png", "dark/01.png", "dark/02.png", "light/00.png", "light/01.png");
    assertThat(reproduce(ALL).starts).containsExactly(0);
    assertThat(runs()).hasSize(2);
  }
}
