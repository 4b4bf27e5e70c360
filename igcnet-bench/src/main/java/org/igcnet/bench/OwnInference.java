package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.engine.Batch;
import org.igcnet.engine.InferencePlan;
import org.igcnet.engine.Weights;
import org.igcnet.train.Initialisation;

/** Predictions of our engine; bringing the images into its layout is part of a step. */
final class OwnInference implements Session {
  private final InferencePlan plan;
  private final RandomImages images;
  private final Batch batch;

  OwnInference(Contender.Inference contender) {
    Architecture architecture = contender.architecture();
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, RandomImages.SEED);
    plan = InferencePlan.of(architecture, weights, contender.threads());
    images = new RandomImages(architecture, contender.images());
    batch = images.batch();
  }

  @Override
  public void step() {
    images.fill(batch);
    plan.logits(batch);
  }
}
