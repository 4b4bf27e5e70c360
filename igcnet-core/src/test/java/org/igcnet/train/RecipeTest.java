package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
  private final Recipe recipe = Recipe.paper(false, 400, Augmentation.CROP_AND_MIRROR, 1);

  @ParameterizedTest
  @CsvSource({
    "0, 0.1",
    "499, 0.1",
    "500, 0.01",
    "749, 0.01",
    "750, 0.001",
    "874, 0.001",
    "875, 0.0001",
    "999, 0.0001"
  })
  void theLearningRateFallsAfterHalfThreeQuartersAndSevenEighths(long step, double rate) {
    assertThat(recipe.learningRate(step, 1000)).isEqualTo(rate);
  }

  @Test
  void thePlacesOfTheStepsAreRoundedDown() {
    assertThat(recipe.learningRate(2, 7)).isEqualTo(0.1);
    assertThat(recipe.learningRate(3, 7)).isEqualTo(0.01);
    assertThat(recipe.learningRate(5, 7)).isEqualTo(0.001);
    assertThat(recipe.learningRate(6, 7)).isEqualTo(0.0001);
  }

  @Test
  void onImageNetItFallsAfter30And60And90Of95EpochsOrTheSameShares() {
    Recipe paper = with(RateSteps.parse("30,60,90", 95));
    assertThat(paper.learningRate(30 * 5004 - 1, 95 * 5004)).isEqualTo(0.1);
    assertThat(paper.learningRate(30 * 5004, 95 * 5004)).isEqualTo(0.01);
    assertThat(paper.learningRate(60 * 5004 - 1, 95 * 5004)).isEqualTo(0.01);
    assertThat(paper.learningRate(60 * 5004, 95 * 5004)).isEqualTo(0.001);
    assertThat(paper.learningRate(90 * 5004 - 1, 95 * 5004)).isEqualTo(0.001);
    assertThat(paper.learningRate(90 * 5004, 95 * 5004)).isEqualTo(0.1 / 1000);
    assertThat(paper.learningRate(5, 19)).isEqualTo(0.1);
    assertThat(paper.learningRate(6, 19)).isEqualTo(0.01);
    assertThat(paper.learningRate(18, 19)).isEqualTo(0.1 / 1000);
  }

  /** The places that runs from before there were other steps have. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 7, 8, 64, 4692, 312_800, 2_147_483_647L * 1_000_000})
  void thoseOfCifarAreHalvesQuartersAndEighthsOfAnyNumber(long steps) {
    for (long at : new long[] {steps / 2, 3 * steps / 4, 7 * steps / 8}) {
      for (long step = Math.max(0, at - 1); step < Math.min(steps, at + 2); step++) {
        double rate =
            step < steps / 2
                ? 0.1
                : step < 3 * steps / 4 ? 0.1 / 10 : step < 7 * steps / 8 ? 0.1 / 100 : 0.1 / 1000;
        assertThat(recipe.learningRate(step, steps)).isEqualTo(rate);
      }
    }
  }

  /** (1 + t) / (10 + t) reaches 0.99 in step 890, and 0.9 in step 80. */
  @ParameterizedTest
  @CsvSource({
    "false, 0, 0.1",
    "false, 1, 0.18181819",
    "false, 8, 0.5",
    "false, 889, 0.98998886",
    "false, 890, 0.99",
    "false, 9999999999, 0.99",
    "true, 0, 0.1",
    "true, 79, 0.8988764",
    "true, 80, 0.9",
    "true, 81, 0.9"
  })
  void runningAveragesWarmUp(boolean identity, long step, float kept) {
    assertThat(averaged(NormAverages.WARMED, identity).norms().kept(step)).isEqualTo(kept);
  }

  @Test
  void otherRunningAveragesKeepTheSameInEveryStep() {
    Recipe moved = averaged(NormAverages.MOVED, false);
    assertThat(moved.norms().kept(0)).isEqualTo(0.99f).isEqualTo(moved.norms().kept(5000));
    Recipe anew = averaged(NormAverages.ANEW, false);
    assertThat(anew.norms().kept(0)).isEqualTo(1).isEqualTo(anew.norms().kept(5000));
  }

  private static Recipe averaged(NormAverages averages, boolean identity) {
    return Recipe.paper(identity, 1, Augmentation.NONE, 1).withNormAverages(averages);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 8",
    "51, 8",
    "127, 8",
    "128, 16",
    "255, 16",
    "256, 32",
    "511, 32",
    "512, 64",
    "1281167, 64"
  })
  void theBatchFitsTheImages(int images, int batch) {
    assertThat(Recipe.fittingBatch(images)).isEqualTo(batch);
  }

  /** Of 51 pictures; of 1,000; of shapes; of CIFAR; of SVHN; of ImageNet. */
  @ParameterizedTest
  @CsvSource({"1, 100", "7, 100", "15, 100", "71, 28", "235, 8", "782, 8", "9350, 2", "20019, 1"})
  void theEpochsFitTheSteps(int stepsOfEpoch, int epochs) {
    assertThat(Recipe.fittingEpochs(stepsOfEpoch)).isEqualTo(epochs);
  }

  private static Recipe with(RateSteps steps) {
    return Recipe.paper(true, 95, Augmentation.SCALE_AND_MIRROR, 1)
        .withBatch(256, 32)
        .withRateSteps(steps);
  }

  @Test
  void thePapersNumbers() {
    assertThat(recipe)
        .isEqualTo(
            new Recipe(
                400,
                64,
                0.1,
                new Schedule(RateSteps.CIFAR, 0),
                new Optimiser(0.9, 1e-4, 1, 0),
                new NormStatistics(64, 0.99, NormAverages.ANEW),
                new ImageRecipe(
                    Augmentation.CROP_AND_MIRROR, Mirroring.RANDOM, 0, 0, 0, 0, 0, false),
                0,
                0,
                Precision.FLOAT32,
                0,
                1));
    assertThat(Recipe.paper(true, 400, Augmentation.NONE, 1).norms().momentum()).isEqualTo(0.9);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 64, 0.1, 0.9, 1e-4, 64, 0.9, 'the number of epochs is 0; it must be from 1 to 1000000'",
    "1, 0, 0.1, 0.9, 1e-4, 1, 0.9, 'the batch size is 0; it must be from 1 to 65536'",
    "1, 64, 0, 0.9, 1e-4, 64, 0.9, 'the learning rate is 0.0; it must be above 0'",
    "1, 64, NaN, 0.9, 1e-4, 64, 0.9, 'the learning rate is NaN'",
    "1, 64, 0.1, 1, 1e-4, 64, 0.9, 'the momentum is 1.0; it must be at least 0 and below 1'",
    "1, 64, 0.1, 0.9, -1, 64, 0.9, 'the weight decay is -1.0'",
    "1, 64, 0.1, 0.9, 1e-4, 65, 0.9, 'takes together is 65; it must be from 1 to 64'",
    "1, 64, 0.1, 0.9, 1e-4, 64, 2, 'running averages is 2.0'"
  })
  void impossibleNumbersAreRefusedByNameAndValue(
      int epochs,
      int batchSize,
      double learningRate,
      double momentum,
      double weightDecay,
      int normImages,
      double normMomentum,
      String reason) {
    assertThatThrownBy(
            () ->
                new Recipe(
                    epochs,
                    batchSize,
                    learningRate,
                    Schedule.PAPER,
                    Optimiser.of(momentum, weightDecay),
                    new NormStatistics(normImages, normMomentum, NormAverages.ANEW),
                    ImageRecipe.of(Augmentation.NONE),
                    0,
                    0,
                    Precision.FLOAT32,
                    0,
                    1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aCutoutThatLeavesNothingIsRefused() {
    Architecture network = Architecture.cifar("IGC-L4M2", 5, 10);
    Recipe recipe = Recipe.paper(true, 1, Augmentation.NONE, 1);
    recipe.withImages(recipe.images().withCutout(63)).requireFitting(network);
    assertThatThrownBy(
            () -> recipe.withImages(recipe.images().withCutout(64)).requireFitting(network))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "a cutout of 64 pixels clears all of every image of 3×32×32; half the size is usual");
  }
}
