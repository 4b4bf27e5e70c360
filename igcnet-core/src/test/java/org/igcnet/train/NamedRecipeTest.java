package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.data.Augmentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NamedRecipeTest {
  private static final Engine PLAIN = new Engine(List.of(Precision.FLOAT32));

  /** Computes nothing. */
  private record Engine(List<Precision> precisions) implements Backend {
    @Override
    public String name() {
      return "test";
    }

    @Override
    public void requireDevice(String device) {}

    @Override
    public TrainingSession training(Setup setup, int threads, String device) {
      throw new UnsupportedOperationException("not asked for");
    }
  }

  private static Recipe paper(int batch) {
    return Recipe.fitting(
        false, 50_000, OptionalInt.of(batch), OptionalInt.of(30), Augmentation.CROP_AND_MIRROR, 7);
  }

  @Test
  void thePapersIsAsItIs() {
    assertThat(NamedRecipe.PAPER.of(paper(64), PLAIN)).isEqualTo(paper(64));
  }

  @Test
  void theFastOneRisesToFourTimesThePapersRateAndFallsToAlmostNothing() {
    Recipe fast = NamedRecipe.FAST.of(paper(64), PLAIN);
    assertThat(fast.learningRate(0, 1000)).isEqualTo(0.4 / 101);
    assertThat(fast.learningRate(100, 1000)).isEqualTo(0.4);
    assertThat(fast.learningRate(550, 1000)).isBetween(0.199, 0.201);
    assertThat(fast.learningRate(999, 1000)).isBetween(0.0, 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"8, 0.05", "16, 0.1", "64, 0.4", "128, 0.8"})
  void theFastOnesRateIsProportionalToTheBatch(int batch, double rate) {
    assertThat(NamedRecipe.FAST.of(paper(batch), PLAIN).learningRate()).isEqualTo(rate);
  }

  @Test
  void tuningBeginsAtASmallRate() {
    Recipe tuning = NamedRecipe.TUNING.of(paper(64), PLAIN);
    assertThat(tuning.learningRate(0, 1000)).isEqualTo(0.02);
    assertThat(tuning.learningRate(999, 1000)).isBetween(0.0, 1e-6);
  }

  @ParameterizedTest
  @EnumSource
  void whatFitsTheDataStays(NamedRecipe named) {
    Recipe fitting = paper(32);
    Recipe recipe = named.of(fitting, PLAIN);
    assertThat(recipe.epochs()).isEqualTo(30);
    assertThat(recipe.batchSize()).isEqualTo(32);
    assertThat(recipe.norms()).isEqualTo(fitting.norms());
    assertThat(recipe.images()).isEqualTo(fitting.images());
    assertThat(recipe.seed()).isEqualTo(7);
  }

  @Test
  void mapsAreKeptAsTheEngineIsFastestButForThePapers() {
    Engine engine = new Engine(List.of(Precision.BF16, Precision.FLOAT32));
    assertThat(NamedRecipe.FAST.of(paper(64), engine).precision()).isEqualTo(Precision.BF16);
    assertThat(NamedRecipe.TUNING.of(paper(64), engine).precision()).isEqualTo(Precision.BF16);
    assertThat(NamedRecipe.PAPER.of(paper(64), engine).precision()).isEqualTo(Precision.FLOAT32);
    assertThat(NamedRecipe.FAST.of(paper(64), PLAIN).precision()).isEqualTo(Precision.FLOAT32);
  }

  @Test
  void anEngineIsAskedForNoPrecisionThatItHasNot() {
    Compute compute = new Compute(PLAIN, Compute.CPU, 1);
    Setup setup =
        Setup.alone(Architecture.cifar("IGC-L2M2", 5, 10), 4, 4, Optimiser.of(0, 0))
            .with(Precision.BF16);
    assertThatThrownBy(() -> compute.training(setup))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the engine test cannot keep feature maps as bf16 on this machine, only as float32");
  }

  @Test
  void whereNoneIsSaidItIsFastAndWithAModelsWeightsTuning() {
    assertThat(NamedRecipe.usual(false)).isEqualTo(NamedRecipe.FAST);
    assertThat(NamedRecipe.usual(true)).isEqualTo(NamedRecipe.TUNING);
  }
}
