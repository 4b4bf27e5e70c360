package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Weights;
import org.igcnet.train.Initialisation;

/** Predictions of our engine; bringing the images into its layout is part of a step. */
final class OwnInference implements Session {
  private final InferenceSession session;
  private final ImageBatch batch;

  OwnInference(Contender.Inference contender) {
    Architecture architecture = contender.architecture();
    Weights weights = Weights.of(architecture);
    Initialisation.fill(weights, RandomImages.SEED);
    session =
        Compute.threads(contender.threads()).inference(architecture, weights, contender.images());
    batch = new RandomImages(architecture, contender.images()).batch();
  }

  @Override
  public void step() {
    session.logits(batch);
  }
}
