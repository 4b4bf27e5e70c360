package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.engine.Batch;
import org.igcnet.engine.Network;
import org.igcnet.train.Initialisation;

/** Predictions of our engine; bringing the images into its layout is part of a step. */
final class OwnInference implements Session {
  /** Running averages are not moved. */
  private static final float ANY_MOMENTUM = 0.9f;

  private final Network network;
  private final RandomImages images;
  private final Batch batch;

  OwnInference(Contender.Inference contender) {
    Architecture architecture = contender.architecture();
    int count = contender.images();
    network = Network.create(architecture, count, count, ANY_MOMENTUM, contender.threads());
    Initialisation.fill(network.weights(), RandomImages.SEED);
    images = new RandomImages(architecture.input(), count);
    batch = images.batch();
  }

  @Override
  public void step() {
    images.fill(batch);
    network.forward(batch, Network.Mode.INFERENCE);
  }
}
