package org.igcnet.bench;

import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.train.Initialisation;
import org.igcnet.train.Recipe;

/** Training steps of any engine on one batch; to bring the images to it is part of a step. */
final class TrainingSteps implements Session {
  private final TrainingSession session;
  private final ImageBatch batch;
  private final Recipe recipe;
  private long steps;

  TrainingSteps(Contender.Training contender, TrainingSession session) {
    this.session = session;
    this.batch = new RandomImages(contender.architecture(), contender.images()).batch();
    this.recipe = RandomImages.recipe(contender);
    State state = session.state();
    Initialisation.fill(state.weights(), RandomImages.SEED);
    session.restore(state);
  }

  /** What the contender's engine is asked for. */
  static Setup setup(Contender.Training contender) {
    return Setup.alone(
        contender.architecture(),
        contender.images(),
        contender.images(),
        RandomImages.recipe(contender).optimiser());
  }

  @Override
  public void step() {
    session.step(batch, recipe.learningRate(), recipe.norms().kept(steps++));
  }
}
