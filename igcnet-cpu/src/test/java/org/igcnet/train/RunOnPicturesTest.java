package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.data.Augmentation;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Part;
import org.igcnet.data.PictureFiles;
import org.igcnet.data.Scored;
import org.igcnet.data.Splits;
import org.igcnet.data.WorkListener;
import org.igcnet.model.ModelFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a run remembers of its pictures, and how it goes on where some are gone or all moved. */
class RunOnPicturesTest {
  private static final Recipe RECIPE =
      Recipe.paper(true, 2, Augmentation.SCALE_AND_MIRROR, 5).withBatch(8, 8);

  @TempDir Path parent;
  private Path pictures = Path.of("");

  @BeforeEach
  void write() throws IOException {
    pictures = PictureFiles.folder(parent.resolve("pictures"), 3, 10);
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Hears the end of the first epoch. */
  private static TrainingListener afterTheFirstEpoch(Runnable action) {
    return new TrainingListener() {
      @Override
      public void batch(BatchProgress progress) {}

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {
        if (metrics.epoch() == 1) {
          action.run();
        }
      }
    };
  }

  private Path start(String name, Runnable afterTheFirstEpoch) {
    Path folder = parent.resolve(name);
    Splits data = Splits.open("folder:" + pictures + ",size=16,held-out=0.2:3");
    Architecture network =
        new Architecture(NetworkName.parse("IGC-L4M2"), Body.STAGES, 5, 3, data.train().shape());
    try (TrainingRun run = TrainingRun.start(folder, network, data, RECIPE, Compute.threads(1))) {
      run.run(afterTheFirstEpoch(afterTheFirstEpoch));
    } catch (Stopped asWanted) {
      assertThat(RecordedRun.read(folder).metrics()).hasSize(1);
    }
    return folder;
  }

  private void loseOne() {
    try {
      Files.delete(pictures.resolve("b/004.jpg"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scored with nothing said, the best model is tested on what the run held out. */
  @Test
  void aRunGoesOnWithoutAPictureThatVanished() throws IOException {
    byte[] content = Files.readAllBytes(pictures.resolve("b/004.jpg"));
    Path undisturbed = start("undisturbed", this::loseOne);
    Files.write(pictures.resolve("b/004.jpg"), content);
    Path stopped =
        start(
            "stopped",
            () -> {
              throw new Stopped();
            });
    loseOne();
    Files.write(pictures.resolve("a/new.jpg"), content);

    try (TrainingRun run = TrainingRun.resume(stopped, Compute.CPU, 1)) {
      assertThat(run.splits().leftAlone())
          .hasToString(
              "[1 picture gone or changed since the training began (b/004.jpg),"
                  + " 1 picture that came after the training began (a/new.jpg)]");
      run.run(TrainingListener.SILENT);
    }

    for (String file : new String[] {"run.json", "pictures.txt", "last.safetensors"}) {
      assertThat(stopped.resolve(file)).hasSameBinaryContentAs(undisturbed.resolve(file));
    }
    assertThat(stopped.resolve("model.safetensors"))
        .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
    Scored scored =
        RecordedRun.data(stopped, ModelFolder.read(stopped))
            .toScore(UnaryOperator.identity(), WorkListener.SILENT);
    assertThat(scored.part()).isEqualTo(Part.HELD_OUT);
    assertThat(scored.images().size()).isEqualTo(6);
  }

  @Test
  void movedDataAreToldOfAndOthersRefused() throws IOException {
    Path run =
        start(
            "run",
            () -> {
              throw new Stopped();
            });
    Path moved = parent.resolve("moved");
    Files.move(pictures, moved);
    assertThatThrownBy(() -> TrainingRun.resume(run, Compute.CPU, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is not the data that the training began with");
    DataSpec now = DataSpec.parse("folder:" + moved);
    try (TrainingRun resumed =
        TrainingRun.resume(run, Optional.of(now), Compute.CPU, 1, WorkListener.SILENT)) {
      assertThat(resumed.run(TrainingListener.SILENT).last().epoch()).isEqualTo(2);
    }
    // a model alone knows its data too
    Path model = Files.createDirectory(parent.resolve("model"));
    for (String file : new String[] {"model.json", "model.safetensors"}) {
      Files.copy(run.resolve(file), model.resolve(file));
    }
    assertThat(
            RecordedRun.data(model, ModelFolder.read(model))
                .toScore(now, WorkListener.SILENT)
                .part())
        .isEqualTo(Part.HELD_OUT);
    Path others = PictureFiles.folder(parent.resolve("others"), 3, 3);
    assertThatThrownBy(
            () ->
                TrainingRun.resume(
                    run,
                    Optional.of(DataSpec.parse("folder:" + others)),
                    Compute.CPU,
                    1,
                    WorkListener.SILENT))
        .isInstanceOf(UserError.class);
  }

  /** Programs of that version knew no {@code valid}, and held a share of {@code train} out. */
  @Test
  void aRunOfVersion1GoesOnBesideATestSetThatItDidNotKnow() throws IOException {
    Path data = Files.createDirectory(parent.resolve("parted"));
    Files.move(pictures, data.resolve("train"));
    Splits splits = Splits.open("folder:" + data + ",size=16");
    Architecture network =
        new Architecture(NetworkName.parse("IGC-L4M2"), Body.STAGES, 5, 3, splits.train().shape());
    Path run = parent.resolve("run");
    TrainingRun.start(run, network, splits, RECIPE, Compute.threads(1)).close();
    asVersion1(run, "folder:" + data + ",size=16");
    PictureFiles.folder(data.resolve("valid"), 3, 2);
    try (TrainingRun resumed = TrainingRun.resume(run, Compute.CPU, 1)) {
      assertThat(resumed.splits().tested()).isEqualTo(Part.HELD_OUT);
      assertThat(resumed.splits().test().size()).isEqualTo(splits.test().size()).isEqualTo(3);
      assertThat(resumed.splits().train().size()).isEqualTo(27);
      assertThat(resumed.splits().leftAlone())
          .hasToString(
              "[6 pictures of a test set that the training did not have (valid/a/000.jpg, …)]");
      assertThat(resumed.run(TrainingListener.SILENT).last().epoch()).isEqualTo(2);
    }
  }

  /** The description as the first version wrote it, without what it did not say. */
  private static void asVersion1(Path run, String data) throws IOException {
    Path file = run.resolve("run.json");
    ObjectNode description = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
    description.put("version", 1).put("data", data);
    description.remove(List.of("lanes", "dataFolder", "tested", "from", "earlier"));
    ((ObjectNode) description.get("dataFacts")).remove("listing");
    description
        .putObject("recipe")
        .put("epochs", RECIPE.epochs())
        .put("batchSize", RECIPE.batchSize())
        .put("learningRate", 0.1)
        .put("rateSteps", "1/2,3/4,7/8")
        .put("momentum", 0.9)
        .put("weightDecay", 1e-4)
        .put("normImages", RECIPE.norms().images())
        .put("normMomentum", RECIPE.norms().momentum())
        .put("augmentation", RECIPE.images().augmentation().name())
        .put("seed", RECIPE.seed());
    Files.writeString(file, description.toPrettyString());
    Files.delete(run.resolve("pictures.txt"));
  }

  @Test
  void anotherRunsListingIsRefused() throws IOException {
    Path run =
        start(
            "run",
            () -> {
              throw new Stopped();
            });
    Files.writeString(run.resolve("pictures.txt"), "train 5 a/000.jpg\n");
    assertThatThrownBy(() -> TrainingRun.resume(run, Compute.CPU, 1))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "%s is not the listing of the pictures that run.json beside it tells of",
            run.resolve("pictures.txt"));
  }
}
