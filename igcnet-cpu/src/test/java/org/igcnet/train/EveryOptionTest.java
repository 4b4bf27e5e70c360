package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;
import org.igcnet.data.Augmentation;
import org.igcnet.data.Dataset;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.data.StoredImages;
import org.igcnet.model.Evaluation;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the paper's recipe leaves off: each option on, beside all others. */
class EveryOptionTest {
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 5, 10);
  private static final Splits DATA = new Splits("few", Shapes.train(1, 150), Shapes.test(1, 70));

  /** Five batches an epoch, the last of 22 images, statistics over 16. */
  private static final Recipe EVERYTHING =
      Recipe.paper(true, 2, Augmentation.CROP_AND_MIRROR, 5)
          .withBatch(32, 16)
          .withSchedule(Schedule.ONE_CYCLE)
          .withOptimiser(new Optimiser(0.9, 1e-4, 4, 0.5))
          .withImages(
              new ImageRecipe(
                  Augmentation.CROP_AND_MIRROR, Mirroring.ALTERNATING, 6, 0.25, 0.4, 1, 0.1, true))
          .withAverageDecay(0.9)
          .withFrozen(1)
          .withPatience(10);

  private static final List<String> FILES =
      List.of("run.json", "last.safetensors", "model.json", "model.safetensors");

  @TempDir Path folder;

  /** What a listener throws in place of a kill. */
  private static final class Killed extends RuntimeException {}

  @ParameterizedTest
  @CsvSource({"MOVED, FLOAT32", "WARMED, BF16", "ANEW, FLOAT32", "ANEW, BF16"})
  void aTrainingKilledInEveryStepResumesToTheSameBytes(NormAverages averages, Precision precision)
      throws IOException {
    Recipe recipe = EVERYTHING.withNormAverages(averages).withPrecision(precision);
    Path whole = folder.resolve("whole");
    try (TrainingRun run = TrainingRun.start(whole, NETWORK, DATA, recipe, Compute.threads(2))) {
      run.run(TrainingListener.SILENT);
    }
    Path killed = folder.resolve("killed");
    TrainingRun.start(killed, NETWORK, DATA, recipe, Compute.threads(1)).close();
    for (int resumed = 0; resumed < 10; resumed++) {
      try (TrainingRun run = TrainingRun.resume(killed, DATA, 1)) {
        run.run(killingAfterTwo(), Duration.ZERO);
      } catch (Killed again) {
        assertThat(killed.resolve("last.safetensors")).exists();
      }
    }
    try (TrainingRun run = TrainingRun.resume(killed, DATA, 1)) {
      run.run(TrainingListener.SILENT);
    }
    for (String file : FILES) {
      assertThat(Files.readAllBytes(killed.resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(whole.resolve(file)));
    }
    Model model = ModelFolder.read(whole);
    Evaluation again = Evaluation.of(model, DATA.test(), Compute.threads(1));
    assertThat(again.accuracy())
        .as("what was tested is what is kept")
        .isEqualTo(model.origin().accuracy());
  }

  private static TrainingListener killingAfterTwo() {
    return new TrainingListener() {
      private int heard;

      @Override
      public void batch(BatchProgress progress) {
        if (++heard == 2) {
          throw new Killed();
        }
      }

      @Override
      public void epoch(EpochMetrics metrics, boolean best) {}
    };
  }

  @Test
  void theAverageOfTheWeightsIsWhatIsKept() {
    Recipe recipe =
        Recipe.paper(true, 1, Augmentation.NONE, 5).withBatch(32, 32).withAverageDecay(0.9);
    Weights averaged = trained(recipe).weights();
    Weights last = trained(recipe.withAverageDecay(0)).weights();
    int at = averaged.offset("fc.weight");
    assertThat(averaged.values()[at]).isNotEqualTo(last.values()[at]);
    Weights first = Weights.of(NETWORK);
    Initialisation.fill(first, 5);
    // Of five steps the average keeps 1/10, 2/11, 3/12, 4/13 and 5/14 of itself: it is between.
    double whole = distance(first, last, at);
    assertThat(distance(averaged, last, at)).isBetween(0.001 * whole, 0.6 * whole);
  }

  private Model trained(Recipe recipe) {
    Path run = folder.resolve("average" + recipe.averageDecay());
    try (TrainingRun training = TrainingRun.start(run, NETWORK, DATA, recipe, Compute.threads(1))) {
      training.run(TrainingListener.SILENT);
    }
    return ModelFolder.read(run);
  }

  private static double distance(Weights a, Weights b, int from) {
    double sum = 0;
    for (int i = from; i < from + 160; i++) {
      sum += Math.pow(a.values()[i] - b.values()[i], 2);
    }
    return Math.sqrt(sum);
  }

  @Test
  void patienceEndsATrainingThatDoesNotGetBetter() throws IOException {
    Recipe stuck =
        Recipe.paper(true, 9, Augmentation.NONE, 5)
            .withBatch(32, 32)
            .withLearningRate(1e-30)
            .withPatience(2);
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, stuck, Compute.threads(1))) {
      assertThat(run.run(TrainingListener.SILENT).last().epoch()).isEqualTo(3);
    }
    assertThat(RecordedRun.read(folder).finished()).isTrue();
    try (TrainingRun run = TrainingRun.resume(folder, DATA, 1)) {
      assertThat(run.run(TrainingListener.SILENT).last().epoch()).isEqualTo(3);
    }
    final byte[] description = Files.readAllBytes(folder.resolve("run.json"));
    assertThatThrownBy(() -> grown(20))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the run ended with epoch 3, after 2 without a better test; more epochs do not change that");
    assertThat(Files.readAllBytes(folder.resolve("run.json"))).isEqualTo(description);
  }

  @Test
  void epochsMayGrowAndTheFilesStillBelongTogether() throws IOException {
    Recipe recipe = Recipe.paper(true, 1, Augmentation.NONE, 5).withBatch(32, 16);
    try (TrainingRun run = TrainingRun.start(folder, NETWORK, DATA, recipe, Compute.threads(1))) {
      run.run(TrainingListener.SILENT);
    }
    final byte[] checkpoint = Files.readAllBytes(folder.resolve("last.safetensors"));
    final byte[] description = Files.readAllBytes(folder.resolve("run.json"));
    grown(2).close();
    assertThat(RecordedRun.read(folder).description().earlier()).hasSize(1);
    assertThat(RecordedRun.read(folder).finished()).isFalse();
    Files.write(folder.resolve("last.safetensors"), checkpoint); // as after a kill in between
    try (TrainingRun run = grown(3)) {
      assertThat(run.run(TrainingListener.SILENT).last().epoch()).isEqualTo(3);
    }
    assertThat(RecordedRun.read(folder).description().earlier()).hasSize(2);
    assertThat(RecordedRun.read(folder).finished()).isTrue();
    assertThatThrownBy(() -> grown(2))
        .isInstanceOf(UserError.class)
        .hasMessage("the run has 3 epochs; they can become more, not 2");
    Files.write(folder.resolve("run.json"), description);
    assertThatThrownBy(() -> grown(4))
        .as("the checkpoint is of the run as it was later")
        .isInstanceOf(UserError.class)
        .hasMessageContaining("belongs to another run than the run.json beside it");
    assertThat(Files.readAllBytes(folder.resolve("run.json"))).isEqualTo(description);
  }

  /** Its learning rates were others. */
  @Test
  void aRunThatHasGrownIsNoneThatHadItsEpochsFromTheBeginning() {
    Recipe recipe = Recipe.paper(true, 1, Augmentation.NONE, 5).withBatch(32, 16);
    TrainingRun.start(folder, NETWORK, DATA, recipe, Compute.threads(1)).close();
    grown(2).close();
    Path other = folder.resolve("other");
    TrainingRun.start(other, NETWORK, DATA, recipe.withEpochs(2), Compute.threads(1)).close();
    RunDescription grown = RecordedRun.read(folder).description();
    RunDescription whole = RecordedRun.read(other).description();
    assertThat(grown.recipe()).isEqualTo(whole.recipe());
    assertThat(grown.sameTraining(whole)).isFalse();
    assertThat(whole.sameTraining(whole)).isTrue();
  }

  private TrainingRun grown(int epochs) {
    return TrainingRun.resume(folder, DATA, OptionalInt.of(epochs), Compute.CPU, 1);
  }

  @Test
  void aFrozenPartStaysAndTheRestLearns() {
    Model first = trained(Recipe.paper(true, 1, Augmentation.NONE, 5).withBatch(32, 32));
    Recipe recipe = Recipe.paper(true, 2, Augmentation.NONE, 6).withBatch(32, 32).withFrozen(3);
    Path run = folder.resolve("tuned");
    try (TrainingRun training =
        TrainingRun.start(
            run, NETWORK, DATA, recipe, Optional.of(FirstModel.of(first)), Compute.threads(1))) {
      training.run(TrainingListener.SILENT);
    }
    Model tuned = ModelFolder.read(run);
    Set<String> frozen =
        NETWORK.parametersUpTo(2).stream()
            .filter(parameter -> parameter.role().learned())
            .map(Parameter::name)
            .collect(Collectors.toSet());
    assertThat(frozen).contains("stem.conv.weight", "stage2.0.bn.bias").doesNotContain("fc.bias");
    for (Parameter parameter : NETWORK.parameters()) {
      boolean same = Arrays.equals(values(first, parameter), values(tuned, parameter));
      assertThat(same).as(parameter.name()).isEqualTo(frozen.contains(parameter.name()));
    }
  }

  private static float[] values(Model model, Parameter parameter) {
    int from = model.weights().offset(parameter.name());
    return Arrays.copyOfRange(model.weights().values(), from, from + parameter.size());
  }

  /** Half the size and two classes: the body is taken, and no head. */
  @Test
  void aRunBeginsWithTheBodyOfAModel() throws IOException {
    Model model = trained(Recipe.paper(true, 1, Augmentation.NONE, 5).withBatch(32, 32));
    Splits halves = new Splits("halves", new Halves(DATA.train()), new Halves(DATA.test()));
    Architecture network =
        new Architecture(NetworkName.parse("IGC-L4M2"), Body.STAGES, 5, 2, Halves.SHAPE);
    Recipe recipe = Recipe.paper(true, 1, Augmentation.NONE, 6).withBatch(8, 8);
    Path tuned = folder.resolve("tuned");
    TrainingRun.start(
            tuned, network, halves, recipe, Optional.of(FirstModel.of(model)), Compute.threads(1))
        .close();
    State state = State.of(network);
    Checkpoint checkpoint = Checkpoint.read(tuned.resolve("last.safetensors"));
    checkpoint.fill(new Checkpoint.Learned(state, Optional.empty()));
    Weights seeds = Weights.of(network);
    Initialisation.fill(seeds, 6);
    for (Parameter parameter : network.parameters()) {
      int at = seeds.offset(parameter.name());
      float begun = state.weights().values()[at];
      assertThat(begun)
          .as(parameter.name())
          .isEqualTo(
              parameter.name().startsWith("fc.")
                  ? seeds.values()[at]
                  : values(model, parameter)[0]);
    }
    assertThat(RecordedRun.read(tuned).description().from())
        .contains(FirstWeights.of(FirstModel.of(model)));
    try (TrainingRun run = TrainingRun.resume(tuned, halves, 1)) {
      run.run(TrainingListener.SILENT);
    }
    Files.delete(tuned.resolve("last.safetensors"));
    assertThatThrownBy(() -> TrainingRun.resume(tuned, halves, 1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("which holds the weights of IGC-L4M2, depth 5, 10 classes");
  }

  @Test
  void theBodyOfAnotherNetworkIsRefused() {
    Model model = trained(Recipe.paper(true, 1, Augmentation.NONE, 5).withBatch(32, 32));
    Architecture deeper = Architecture.cifar("IGC-L4M2", 8, 10);
    Recipe recipe = Recipe.paper(true, 1, Augmentation.NONE, 6).withBatch(8, 8);
    assertThatThrownBy(
            () ->
                TrainingRun.start(
                    folder.resolve("deeper"),
                    deeper,
                    DATA,
                    recipe,
                    Optional.of(FirstModel.of(model)),
                    Compute.threads(1)))
        .isInstanceOfSatisfying(
            UserError.class, refused -> assertThat(refused.kind()).isEqualTo(Kind.DATA))
        .hasMessageContaining("network, depth, body and colours have to be the same");
    assertThat(folder.resolve("deeper")).doesNotExist();
  }

  @Test
  void moreStagesThanThereAreCannotBeFrozen() {
    Recipe recipe = Recipe.paper(true, 1, Augmentation.NONE, 6).withBatch(8, 8).withFrozen(5);
    assertThatThrownBy(
            () ->
                TrainingRun.start(folder.resolve("run"), NETWORK, DATA, recipe, Compute.threads(1)))
        .isInstanceOf(UserError.class)
        .hasMessage("the body \"stages\" has no stage 4; 3 is the last");
  }

  /** Every second row and column; whether the label is odd. */
  private record Halves(Dataset whole) implements StoredImages {
    static final ImageShape SHAPE = new ImageShape(3, 16, 16);

    @Override
    public int size() {
      return whole.size();
    }

    @Override
    public List<String> classes() {
      return List.of("even", "odd");
    }

    @Override
    public ImageShape shape() {
      return SHAPE;
    }

    @Override
    public int label(int index) {
      return whole.label(index) % 2;
    }

    @Override
    public void read(int index, byte[] values) {
      byte[] all = new byte[whole.shape().size()];
      whole.read(index, all);
      for (int i = 0; i < values.length; i++) {
        values[i] = all[i / 256 * 1024 + i / 16 % 16 * 64 + i % 16 * 2];
      }
    }
  }
}
