package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.igcnet.UserError;
import org.igcnet.spark.SparkTraining.Settings;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.igcnet.train.TrainingRun.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are threads of one process, which is what Spark calls {@code local}. */
@Timeout(300)
class SparkTrainingTest {
  private static final int EPOCHS = 2;

  @TempDir private static Path shared;

  private static Path pictures;
  private static Path alone;
  private static final JavaSparkContext SPARK =
      JavaSparkContext.fromSparkContext(LocalSpark.SESSION.sparkContext());

  @TempDir private Path folder;

  @BeforeAll
  static void begin() {
    pictures = Runs.pictures(shared.resolve("pictures"));
    alone = Runs.trained(shared.resolve("alone"), pictures, EPOCHS);
  }

  private static SparkTraining training(Path run, Settings settings) {
    return SparkTraining.of(SPARK, run.toUri().toString(), settings);
  }

  @Test
  void anyNumberOfWorkersEndsWithTheBitsOfOneProcess() {
    for (int workers = 1; workers <= 4; workers++) {
      Path run = Runs.begun(folder.resolve("run" + workers), pictures, EPOCHS);
      List<EpochMetrics> heard = new ArrayList<>();
      Outcome outcome = training(run, Settings.of(workers)).train(epochs(heard));
      assertThat(Runs.weights(run)).isEqualTo(Runs.weights(alone));
      assertThat(Runs.figures(run)).isEqualTo(Runs.figures(alone));
      assertThat(heard).hasSize(EPOCHS);
      assertThat(outcome.last()).isEqualTo(heard.getLast());
    }
  }

  private static TrainingListener epochs(List<EpochMetrics> heard) {
    return new TrainingListener() {
      @Override
      public void batch(BatchProgress progress) {}

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {
        heard.add(metrics);
      }
    };
  }

  @Test
  void aRunGoesOnFromOneProcessToManyAndBack() {
    Path run = Runs.begun(folder.resolve("run"), pictures, 4);
    Path whole = Runs.trained(folder.resolve("whole"), pictures, 4);
    stopAfter(run, 1);
    SparkTraining cluster = training(run, Settings.of(2));
    assertThatThrownBy(() -> cluster.train(stopping(cluster::stop, 2)))
        .isInstanceOf(TrainingRun.Stopped.class);
    assertThat(Runs.figures(run).size()).isBetween(2, 3);
    try (TrainingRun last = TrainingRun.resume(run, 2)) {
      last.run(TrainingListener.SILENT);
    }
    assertThat(Runs.weights(run)).isEqualTo(Runs.weights(whole));
    assertThat(Runs.figures(run)).isEqualTo(Runs.figures(whole));
  }

  private static void stopAfter(Path folder, int epochs) {
    try (TrainingRun run = TrainingRun.resume(folder, 1)) {
      assertThatThrownBy(() -> run.run(stopping(run::stop, epochs)))
          .isInstanceOf(TrainingRun.Stopped.class);
    }
  }

  private static TrainingListener stopping(Runnable stop, int epochs) {
    return new TrainingListener() {
      @Override
      public void batch(BatchProgress progress) {}

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {
        if (metrics.epoch() == epochs) {
          stop.run();
        }
      }
    };
  }

  @Test
  void aTrainingThatIsDoneIsNotTrainedAgain() {
    Path run = Runs.begun(folder.resolve("run"), pictures, 1);
    Outcome first = training(run, Settings.of(2)).train(TrainingListener.SILENT);
    assertThat(training(run, Settings.of(2)).train(TrainingListener.SILENT)).isEqualTo(first);
  }

  @Test
  void moreWorkersThanTheClusterHasRoomForAreRefused() {
    Path run = Runs.begun(folder.resolve("run"), pictures, 1);
    SparkTraining training = training(run, Settings.of(5).withRoom(Duration.ofMillis(300)));
    assertThatThrownBy(() -> training.train(TrainingListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "5 workers need as many tasks at the same time, and within 0 s the cluster at local[4] had room for 4; fewer workers, or more executors, would be right");
  }

  @Test
  void moreWorkersThanGroupsAreRefusedBeforeTheFirstStep() {
    Path run = folder.resolve("run");
    org.igcnet.train.Training.of("IGC-L4M2")
        .depth(8)
        .data("folder:%s,size=32".formatted(pictures))
        .epochs(1)
        .batch(64)
        .into(run)
        .close();
    assertThatThrownBy(() -> training(run, Settings.of(2)).train(TrainingListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("2 trainers cannot share a batch of 64 images of which 64 share");
    assertThat(Files.exists(run.resolve("last.safetensors"))).isFalse();
  }

  @Test
  void otherDataOnAWorkerAreRefused() {
    Path run = Runs.begun(folder.resolve("run"), pictures, 1);
    String nowhere = "folder:%s,size=32".formatted(folder.resolve("nowhere"));
    assertThatThrownBy(
            () -> training(run, Settings.of(2).withData(nowhere)).train(TrainingListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("127.0.0.1")
        .hasMessageContaining("nowhere");
  }

  @Test
  void aWorkerThatTellsNoMessageEndsTheTraining() {
    Path run = Runs.begun(folder.resolve("run"), pictures, 1);
    Settings tooLong = Settings.of(2).withData("x".repeat(Report.LONGEST));
    assertThatThrownBy(() -> training(run, tooLong).train(TrainingListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessage("what a worker told is longer than the 1,048,576 characters of a message");
  }

  @Test
  void aRunThatIsNotThereIsRefused() {
    assertThatThrownBy(
            () -> training(folder.resolve("none"), Settings.of(1)).train(TrainingListener.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none");
  }
}
