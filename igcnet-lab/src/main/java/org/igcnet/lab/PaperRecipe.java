package org.igcnet.lab;

import java.util.List;
import org.igcnet.UserError;
import org.igcnet.data.Augmentation;
import org.igcnet.train.Recipe;

/**
 * How the paper trains on one data set, as far as that differs from one data set to another.
 *
 * @param epochs passes over the training images
 * @param rateSteps epochs after which the learning rate is divided by {@value Recipe#STEP_DIVISOR};
 *     none for {@link Recipe}'s own
 * @param batchSize images of one step
 * @param learningRate that of the first step
 * @param normImages images that share batch normalisation's statistics: those on one GPU
 * @param augmentation how training images are varied
 */
public record PaperRecipe(
    int epochs,
    List<Integer> rateSteps,
    int batchSize,
    double learningRate,
    int normImages,
    Augmentation augmentation) {
  /** After which shares of all steps {@link Recipe} divides the learning rate. */
  private static final double[] OUR_RATE_STEPS = {1 / 2.0, 3 / 4.0, 7 / 8.0};

  public PaperRecipe {
    rateSteps = List.copyOf(rateSteps);
    List<Integer> sorted = rateSteps.stream().sorted().distinct().toList();
    if (!sorted.equals(rateSteps)
        || rateSteps.stream().anyMatch(step -> step < 1 || step >= epochs)) {
      throw new UserError(
          "the learning rate cannot change after the epochs %s of %d".formatted(rateSteps, epochs));
    }
  }

  /**
   * The recipe of one run: this one, but for what is asked for.
   *
   * @param identity whether the network has identity mappings
   */
  Recipe recipe(Scope scope, boolean identity, long seed) {
    Recipe paper = Recipe.paper(identity, epochs, augmentation, seed);
    return new Recipe(
        scope.epochs().orElse(epochs),
        batchSize,
        learningRate,
        paper.momentum(),
        paper.weightDecay(),
        scope.normImages().orElse(batchSize),
        paper.normMomentum(),
        augmentation,
        seed);
  }

  /** Whether {@link Recipe}'s schedule is the paper's. */
  boolean sameRateSteps() {
    if (rateSteps.isEmpty()) {
      return true;
    }
    if (rateSteps.size() != OUR_RATE_STEPS.length) {
      return false;
    }
    for (int i = 0; i < OUR_RATE_STEPS.length; i++) {
      if (rateSteps.get(i) != OUR_RATE_STEPS[i] * epochs) {
        return false;
      }
    }
    return true;
  }
}
