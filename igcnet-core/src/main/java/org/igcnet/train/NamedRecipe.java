package org.igcnet.train;

import org.igcnet.backend.Backend;

/** What the recipes are called that come with the program. */
public enum NamedRecipe {
  /** Section 5.2 of the paper, whatever the number of epochs. */
  PAPER {
    @Override
    public Recipe of(Recipe paper, Backend engine) {
      return paper;
    }
  },

  /**
   * Learns most in few epochs: four times the paper's learning rate, which rises in a tenth of the
   * steps and then falls by half a period of the cosine. docs/recipes.md tells what each part is
   * worth.
   */
  FAST {
    @Override
    public Recipe of(Recipe paper, Backend engine) {
      return paper
          .withLearningRate(0.4 * paper.batchSize() / Recipe.PAPER_BATCH)
          .withSchedule(Schedule.COSINE.withWarmUp(0.1))
          .withPrecision(engine.fastestPrecision());
    }
  },

  /**
   * Goes on from a model's weights, which it changes little: a fifth of the paper's learning rate,
   * which falls by half a period of the cosine.
   */
  TUNING {
    @Override
    public Recipe of(Recipe paper, Backend engine) {
      return paper
          .withLearningRate(0.02)
          .withSchedule(Schedule.COSINE)
          .withPrecision(engine.fastestPrecision());
    }
  };

  /**
   * {@return the paper's recipe, changed to this one} Epochs, batch, augmentation and seed stay.
   *
   * @param paper as {@link Recipe#fitting} gives it
   * @param engine what learns; but for the paper's, feature maps are kept as it is fastest
   */
  public abstract Recipe of(Recipe paper, Backend engine);

  /**
   * {@return the recipe of a training of which none is said: {@link #FAST}, or {@link #TUNING}}
   *
   * @param tuning whether it begins with a model's weights
   */
  public static NamedRecipe usual(boolean tuning) {
    return tuning ? TUNING : FAST;
  }
}
