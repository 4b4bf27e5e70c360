package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.train.NamedRecipe;
import org.igcnet.train.Recipe;
import org.igcnet.train.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class RecipeOptionsTest {
  private static final Recipe PAPER =
      Recipe.fitting(
          false, 50_000, OptionalInt.empty(), OptionalInt.empty(), Augmentation.CROP_AND_MIRROR, 1);

  private static final Compute COMPUTE = Compute.threads(1);

  private static Recipe recipe(NamedRecipe usual, String... arguments) {
    RecipeOptions options = new RecipeOptions();
    new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return options.fitting(usual, false, 50_000, Augmentation.CROP_AND_MIRROR, COMPUTE);
  }

  @ParameterizedTest
  @EnumSource
  void whereNothingIsSaidItIsTheUsualOne(NamedRecipe usual) {
    assertThat(recipe(usual)).isEqualTo(usual.of(PAPER, COMPUTE.engine()));
  }

  @Test
  void theNamedOneIsTakenInstead() {
    assertThat(recipe(NamedRecipe.FAST, "--recipe", "paper")).isEqualTo(PAPER);
    assertThat(recipe(NamedRecipe.TUNING, "--recipe", "fast"))
        .isEqualTo(NamedRecipe.FAST.of(PAPER, COMPUTE.engine()));
  }

  @Test
  void mapsAreKeptAsItIsFastestButForThePapersRecipe() {
    assertThat(recipe(NamedRecipe.FAST).precision()).isEqualTo(Precision.BF16);
    assertThat(recipe(NamedRecipe.TUNING).precision()).isEqualTo(Precision.BF16);
    assertThat(recipe(NamedRecipe.PAPER).precision()).isEqualTo(Precision.FLOAT32);
    assertThat(recipe(NamedRecipe.FAST, "--precision", "float32").precision())
        .isEqualTo(Precision.FLOAT32);
    assertThat(recipe(NamedRecipe.PAPER, "--precision", "bf16").precision())
        .isEqualTo(Precision.BF16);
  }

  @Test
  void anOptionChangesOneNumberOfIt() {
    Recipe fast = NamedRecipe.FAST.of(PAPER, COMPUTE.engine());
    assertThat(recipe(NamedRecipe.FAST, "--lr", "0.3")).isEqualTo(fast.withLearningRate(0.3));
    assertThat(recipe(NamedRecipe.FAST, "--weight-decay", "0")).isEqualTo(fast.withWeightDecay(0));
    assertThat(recipe(NamedRecipe.FAST, "--cutmix", "1"))
        .isEqualTo(fast.withImages(fast.images().withCutmix(1)));
    assertThat(recipe(NamedRecipe.FAST, "--warm-up", "0.2").schedule())
        .isEqualTo(Schedule.COSINE.withWarmUp(0.2));
  }

  @Test
  void aScheduleHasAWarmUpOfItsOwn() {
    assertThat(recipe(NamedRecipe.FAST, "--schedule", "cosine").schedule())
        .isEqualTo(Schedule.COSINE);
    assertThat(recipe(NamedRecipe.FAST, "--schedule", "one-cycle").schedule())
        .isEqualTo(Schedule.ONE_CYCLE);
  }
}
