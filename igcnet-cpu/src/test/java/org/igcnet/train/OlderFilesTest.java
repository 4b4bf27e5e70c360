package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.data.Augmentation;
import org.igcnet.data.BatchStream;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.igcnet.data.Part;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.files.Safetensors;
import org.igcnet.files.Sha256;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run folder of version 1, stopped after three steps of its second epoch, as the last program
 * that wrote this version left it. It is a model folder too.
 */
class OlderFilesTest {
  private static final Splits DATA = new Splits("few", Shapes.train(1, 150), Shapes.test(1, 70));

  /** Of the tensors of the last checkpoint that the old program ended with, by images a vector. */
  private static final Map<Integer, String> END =
      Map.of(
          4, "04631b96b121d882c52665f7f021bf0ef59cae83805990ba2df4df90680cb76e",
          8, "2c73fd3ec03fc16c278f206513fb0e9baaf41bd5bb12b0ef4df264a651180024",
          16, "ed58c998dcbb3f306019fbdce2c8e8e124cc27e4a74d4126e98eb21cba1d6627");

  /** What the old program computed for the first two test images. */
  private static final List<Float> LOGITS =
      List.of(
          0.076303035f,
          -0.39190882f,
          0.16175042f,
          0.0972158f,
          0.10397844f,
          0.55201846f,
          0.23638599f,
          0.2692264f,
          0.18870594f,
          0.36681345f,
          0.094909534f,
          -0.2837913f,
          0.30354953f,
          0.1301397f,
          0.20087357f,
          0.2069365f,
          0.2984102f,
          -0.058327906f,
          0.6185187f,
          0.46553522f);

  @TempDir Path folder;

  @BeforeEach
  void takeVersion1() throws IOException {
    take("run-version-1");
  }

  private void take(String version) throws IOException {
    for (String file :
        List.of(
            "run.json", "metrics.jsonl", "last.safetensors", "model.json", "model.safetensors")) {
      Files.deleteIfExists(folder.resolve(file));
      try (InputStream in = OlderFilesTest.class.getResourceAsStream(version + "/" + file)) {
        if (in != null) {
          Files.copy(in, folder.resolve(file));
        }
      }
    }
  }

  @Test
  void anOldModelGivesTheLogitsThatItGave() {
    Model model = ModelFolder.read(folder);
    assertThat(model.origin().run()).isEmpty();
    assertThat(model.origin().epochs()).isEqualTo(1);
    try (InferenceSession predictor = model.inference(64, Compute.threads(1));
        BatchStream batches = BatchStream.inOrder(DATA.test(), model.normalization(), 64)) {
      float[] logits = predictor.logits(Objects.requireNonNull(batches.next()));
      for (int i = 0; i < LOGITS.size(); i++) {
        assertThat(logits[i]).as("logit %d", i).isCloseTo(LOGITS.get(i), within(1e-5f));
      }
    }
  }

  @Test
  void anOldRunGoesOnToTheWeightsThatItWouldHaveHad() {
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.remarks()).isEmpty();
      assertThat(run.recipe())
          .isEqualTo(
              Recipe.paper(true, 3, Augmentation.CROP_AND_MIRROR, 5)
                  .withBatch(32, 16)
                  .withNormAverages(NormAverages.MOVED));
      run.run(TrainingListener.SILENT);
    }
    Safetensors end = Safetensors.read(folder.resolve("last.safetensors"));
    assertThat(new Safetensors(new TreeMap<>(), end.tensors()).sha256())
        .isEqualTo(END.get(Lanes.COUNT));
    assertThat(Checkpoint.read(folder.resolve("last.safetensors")).siblings())
        .as("now the checkpoint says what it belongs to")
        .isPresent();
    TrainingRun.resume(folder, DATA, 1).close();
  }

  /** A program that came earlier still knew neither steps of the rate nor the training's top-5. */
  @Test
  void whatTheFirstProgramsLeftOutIsAsItWasThen() throws IOException {
    RecordedRun before = RecordedRun.read(folder);
    replace("run.json", "    \"rateSteps\" : \"1/2,3/4,7/8\",\n", "");
    replace("metrics.jsonl", "\"trainTop5\":48.666666666666664,", "");
    RecordedRun older = RecordedRun.read(folder);
    assertThat(older.description()).isEqualTo(before.description());
    assertThat(older.metrics().getFirst().trainTop5()).isEmpty();
    String line = Files.readString(folder.resolve("metrics.jsonl"));
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      run.run(TrainingListener.SILENT);
    }
    assertThat(Files.readString(folder.resolve("metrics.jsonl")))
        .as("a line stays as it was written")
        .startsWith(line);
  }

  @Test
  void anOldRunIsTheSameTrainingAsItsLikeOfToday() {
    RunDescription old = RecordedRun.read(folder).description();
    assertThat(old.lanes()).isEqualTo(Optional.empty());
    assertThat(old.version()).isEqualTo(6);
    assertThat(old.tested()).isEmpty();
    assertThat(old.validated()).isFalse();
    RunDescription today =
        RunDescription.of(
            Architecture.cifar("IGC-L4M2", 5, 10), DATA, old.recipe(), Compute.threads(1).engine());
    assertThat(today.lanes()).contains(Lanes.COUNT);
    assertThat(today.tested()).contains(Part.APART);
    assertThat(today.sameTraining(old)).isTrue();
    assertThat(old.sameTraining(today)).isTrue();
  }

  /** Version 2 told by the data's name alone what is for validation. */
  @Test
  void aRunOfVersion2IsRead() throws IOException {
    take("run-version-3");
    RunDescription third = RecordedRun.read(folder).description();
    replace("run.json", "\"data\" : \"shapes\"", "\"data\" : \"folder:x,held-out=0.1\"");
    replace("run.json", "  \"tested\" : \"APART\",\n", "");
    replace("run.json", "\"version\" : 3", "\"version\" : 2");
    RunDescription read = RecordedRun.read(folder).description();
    assertThat(read.tested()).isEmpty();
    assertThat(read.validated()).isTrue();
    assertThat(read.recipe()).isEqualTo(third.recipe());
  }

  /** The recipe was one list of numbers, and a checkpoint knew no average of the weights. */
  @Test
  void aRunOfVersion3IsReadWithItsCheckpoint() throws IOException {
    take("run-version-3");
    RecordedRun run = RecordedRun.read(folder);
    assertThat(run.description().recipe())
        .isEqualTo(
            Recipe.paper(false, 2, Augmentation.CROP_AND_MIRROR, 7)
                .withBatch(256, 32)
                .withLearningRate(0.05)
                .withRateSteps(RateSteps.parse("1/3,2/3", 2))
                .withNorms(new NormStatistics(32, 0.9, NormAverages.WARMED)));
    assertThat(run.description().from()).isEmpty();
    assertThat(run.description().earlier()).isEmpty();
    assertThat(run.finished()).isTrue();
    Checkpoint checkpoint = Checkpoint.read(folder.resolve("last.safetensors"));
    State state = State.of(run.description().architecture());
    checkpoint.fill(new Checkpoint.Learned(state, Optional.empty()));
    assertThat(checkpoint.progress().epoch()).isEqualTo(2);
    assertThat(checkpoint.siblings().orElseThrow().run())
        .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("run.json"))));
    assertThat(state.weights().values()[state.weights().offset("stem.bn.running_var")])
        .isPositive()
        .isNotEqualTo(1);
  }

  /** Maps were kept as they were computed, and nothing told of it. */
  @Test
  void aRunOfVersion4IsReadWithItsCheckpoint() throws IOException {
    take("run-version-4");
    RecordedRun run = RecordedRun.read(folder);
    Recipe recipe = run.description().recipe();
    assertThat(recipe)
        .isEqualTo(
            Recipe.paper(false, 2, Augmentation.CROP_AND_MIRROR, 7)
                .withBatch(256, 32)
                .withLearningRate(0.05)
                .withSchedule(Schedule.ONE_CYCLE.withWarmUp(0.5))
                .withOptimiser(new Optimiser(0.8, 0.001, 3, 2))
                .withNorms(new NormStatistics(32, 0.9, NormAverages.WARMED))
                .withImages(
                    new ImageRecipe(
                        Augmentation.CROP_AND_MIRROR,
                        Mirroring.ALTERNATING,
                        4,
                        0.5,
                        0.25,
                        1,
                        0.125,
                        true))
                .withAverageDecay(0.9)
                .withPatience(7));
    assertThat(recipe.precision()).isEqualTo(Precision.FLOAT32);
    Checkpoint checkpoint = Checkpoint.read(folder.resolve("last.safetensors"));
    State state = State.of(run.description().architecture());
    Weights average = Weights.of(run.description().architecture());
    checkpoint.fill(new Checkpoint.Learned(state, Optional.of(average)));
    assertThat(checkpoint.siblings().orElseThrow().run())
        .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("run.json"))));
    assertThat(average.values()).isNotEqualTo(state.weights().values());
  }

  /** A run knew whose weights it began with, and not where that model was. */
  @Test
  void aRunOfVersion5IsReadWithItsCheckpoint() throws IOException {
    take("run-version-5");
    RecordedRun run = RecordedRun.read(folder);
    RunDescription description = run.description();
    assertThat(description.recipe())
        .isEqualTo(
            Recipe.paper(false, 2, Augmentation.CROP_AND_MIRROR, 7)
                .withBatch(256, 32)
                .withPrecision(Precision.BF16)
                .withFrozen(1));
    FirstWeights first =
        new FirstWeights(
            "IGC-L2M2, depth 5, 10 classes",
            "shapes",
            "9fa8e7561bf2db1c3a05386a66e95a871bbbdb22e7ce65568011bd86cefdaec3",
            Optional.empty(),
            Optional.empty());
    assertThat(description.from()).contains(first);
    assertThat(description.earlier()).hasSize(1);
    assertThat(run.finished()).isTrue();
    Checkpoint checkpoint = Checkpoint.read(folder.resolve("last.safetensors"));
    checkpoint.fill(new Checkpoint.Learned(State.of(description.architecture()), Optional.empty()));
    assertThat(checkpoint.siblings().orElseThrow().run())
        .isEqualTo(Sha256.of(Files.readAllBytes(folder.resolve("run.json"))));
    FirstWeights found =
        new FirstWeights(
            first.network(), first.data(), first.sha256(), Optional.of("a"), Optional.empty());
    assertThat(description.from(found).sameTraining(description)).isTrue();
    FirstWeights other =
        new FirstWeights(first.network(), first.data(), "00", first.folder(), first.pretrained());
    assertThat(description.from(other).sameTraining(description)).isFalse();
  }

  @Test
  void aRunOfALaterVersionIsRefusedByItsVersion() throws IOException {
    replace("run.json", "\"version\" : 1", "\"version\" : 9");
    assertThatThrownBy(() -> RecordedRun.read(folder))
        .isInstanceOf(UserError.class)
        .hasMessage(
            folder.resolve("run.json")
                + " has version 9 of the format \"igcnet-run\"; this program reads versions 1 to 6;"
                + " a newer igcnet wrote it");
  }

  @Test
  void whatLacksAFieldOfItsOwnVersionIsRefused() throws IOException {
    replace("run.json", "    \"momentum\" : 0.9,\n", "");
    assertThatThrownBy(() -> RecordedRun.read(folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("run.json is refused: ");
  }

  private void replace(String file, String from, String to) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(from);
    Files.writeString(path, text.replace(from, to));
  }
}
