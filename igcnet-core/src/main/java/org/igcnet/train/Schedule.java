package org.igcnet.train;

import org.igcnet.UserError;

/**
 * How the learning rate changes in the course of a training, in shares of all its steps, so that a
 * shorter training has the same schedule.
 *
 * @param decline how it falls
 * @param warmUp share of all steps in which it rises first, evenly from almost 0; from 0 to below 1
 */
public record Schedule(Decline decline, double warmUp) {
  /** The paper's on CIFAR and SVHN. */
  public static final Schedule PAPER = new Schedule(RateSteps.CIFAR, 0);

  /** Half a period of the cosine, from the first step on. */
  public static final Schedule COSINE = new Schedule(Decline.Curve.COSINE, 0);

  /** Up in a quarter of the steps, and down in the others, evenly both. */
  public static final Schedule ONE_CYCLE = new Schedule(Decline.Curve.LINEAR, 0.25);

  /**
   * Looks whether the share is possible.
   *
   * @throws UserError where it is not
   */
  public Schedule {
    if (!(warmUp >= 0 && warmUp < 1)) {
      throw new UserError(
          "the share of the training in which the learning rate rises is %s; it must be at least 0 and below 1, for example 0.1"
              .formatted(warmUp));
    }
  }

  /**
   * Reads a schedule's name, {@code cosine} or {@code one-cycle}, or {@linkplain RateSteps#parse
   * steps}.
   *
   * @param text the name, or shares or epochs with commas between them
   * @param epochs of the whole training
   * @return the schedule
   * @throws UserError where it is none of these
   */
  public static Schedule parse(String text, int epochs) {
    if (!text.matches("[a-z].*")) {
      return new Schedule(RateSteps.parse(text, epochs), 0);
    }
    return switch (text) {
      case "cosine" -> COSINE;
      case "one-cycle" -> ONE_CYCLE;
      default ->
          throw new UserError(
              "there is no schedule \"%s\"; cosine is one, one-cycle, or steps such as %s"
                  .formatted(text, RateSteps.CIFAR_TEXT));
    };
  }

  /**
   * {@return the same with another rise}
   *
   * @param share of all steps in which the rate rises first
   * @throws UserError where the rate would fall before it has risen
   */
  public Schedule withWarmUp(double share) {
    Schedule risen = new Schedule(decline, share);
    if (decline instanceof RateSteps steps && 100 * share > steps.shares().getFirst().percent()) {
      throw new UserError(
          "the learning rate would rise in %s of the training, and be divided after %s of it; it has to rise before"
              .formatted(share, steps.shares().getFirst()));
    }
    return risen;
  }

  /**
   * {@return the learning rate of a step}
   *
   * @param peak the highest
   * @param step from 0
   * @param steps of the whole training
   */
  public double at(double peak, long step, long steps) {
    long first = Math.min(Math.round(warmUp * steps), steps - 1);
    return step < first ? peak * (step + 1) / (first + 1) : decline.at(peak, step, first, steps);
  }

  /** For people: {@code divided by 10 after 1/2,3/4,7/8}. */
  @Override
  public String toString() {
    String fall =
        switch (decline) {
          case RateSteps steps -> "divided by %d after %s".formatted(Recipe.STEP_DIVISOR, steps);
          case Decline.Curve curve -> "falling to 0 (%s)".formatted(curve);
        };
    return warmUp == 0 ? fall : "risen to in %s of the steps, then %s".formatted(warmUp, fall);
  }
}
