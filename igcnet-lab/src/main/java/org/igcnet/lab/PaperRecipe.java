package org.igcnet.lab;

import java.util.List;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;

/**
 * How the paper trains on one data set, as far as that differs from one data set to another.
 *
 * @param epochs passes over the training images
 * @param rateSteps epochs after which the learning rate is divided by {@value Recipe#STEP_DIVISOR};
 *     none for {@link RateSteps#CIFAR}
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
  /** How it keeps feature maps, on every data set. */
  static final Precision PRECISION = Precision.FLOAT32;

  public PaperRecipe {
    rateSteps = List.copyOf(rateSteps);
    steps(rateSteps, epochs);
  }

  /**
   * The recipe of one run: this one, but for what is asked for.
   *
   * @param identity whether the network has identity mappings
   */
  Recipe recipe(Scope scope, boolean identity, long seed) {
    return Recipe.paper(identity, scope.epochs().orElse(epochs), augmentation, seed)
        .withBatch(batchSize, scope.normImages().orElse(batchSize))
        .withLearningRate(learningRate)
        .withRateSteps(steps())
        .withPrecision(scope.precision());
  }

  /** {@link #rateSteps} as shares of the training. */
  RateSteps steps() {
    return steps(rateSteps, epochs);
  }

  private static RateSteps steps(List<Integer> after, int epochs) {
    return after.isEmpty() ? RateSteps.CIFAR : RateSteps.after(after, epochs);
  }
}
