package org.igcnet.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.data.Augmentation;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.model.Evaluation;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Recipe;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.igcnet.train.TrainingRun.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training and evaluation on libtorch, as a user of {@code --engine torch} has them. */
class TorchTrainingTest {
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 5, 10);
  private static final Splits DATA = new Splits("few", Shapes.train(1, 150), Shapes.test(1, 70));

  /** Five batches an epoch, the last of 22 images, statistics over 16. */
  private static final Recipe RECIPE =
      Recipe.paper(true, 2, Augmentation.CROP_AND_MIRROR, 5).withBatch(32, 16);

  @TempDir Path folder;

  /** What a listener throws in place of a kill. */
  private static final class Killed extends RuntimeException {}

  @Test
  void bothEnginesLearnTheSame() {
    EpochMetrics ours = train("igc", folder.resolve("igc")).last();
    EpochMetrics theirs = train("torch", folder.resolve("torch")).last();
    assertThat(theirs.trainLoss()).isCloseTo(ours.trainLoss(), within(1e-3));
    assertThat(theirs.testLoss()).isCloseTo(ours.testLoss(), within(1e-3));
  }

  @Test
  void aModelIsEvaluatedTheSameByBothEngines() {
    train("torch", folder);
    Evaluation ours = evaluate("igc");
    Evaluation theirs = evaluate("torch");
    assertThat(theirs.images()).isEqualTo(70).isEqualTo(ours.images());
    assertThat(theirs.loss()).isCloseTo(ours.loss(), within(1e-5));
    assertThat(theirs.accuracy()).isEqualTo(ours.accuracy());
  }

  @Test
  void aKilledTrainingGoesOnWithItsEngine() throws IOException {
    Path whole = folder.resolve("whole");
    train("torch", whole);
    Path killed = folder.resolve("killed");
    try (TrainingRun run = start("torch", killed)) {
      assertThatThrownBy(() -> run.run(killingInTheSecondEpoch(), Duration.ZERO))
          .isInstanceOf(Killed.class);
    }
    assertThat(Files.readString(killed.resolve("run.json"))).contains("\"engine\" : \"torch\"");
    try (TrainingRun run = TrainingRun.resume(killed, DATA, 1)) {
      run.run(TrainingListener.SILENT);
    }
    assertThat(killed.resolve("last.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("last.safetensors"));
  }

  private static Outcome train(String engine, Path folder) {
    try (TrainingRun run = start(engine, folder)) {
      return run.run(TrainingListener.SILENT);
    }
  }

  private static TrainingRun start(String engine, Path folder) {
    return TrainingRun.start(folder, NETWORK, DATA, RECIPE, Compute.of(engine, "cpu", 1));
  }

  private Evaluation evaluate(String engine) {
    return Evaluation.of(ModelFolder.read(folder), DATA.test(), Compute.of(engine, "cpu", 1));
  }

  private static TrainingListener killingInTheSecondEpoch() {
    return new TrainingListener() {
      @Override
      public void batch(BatchProgress progress) {
        if (progress.epoch() == 2 && progress.batch() == 3) {
          throw new Killed();
        }
      }

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {}
    };
  }
}
