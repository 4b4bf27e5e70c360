package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.ImageBatch;
import org.igcnet.engine.Network;
import org.igcnet.model.CrossEntropy;
import org.igcnet.train.Initialisation;
import org.igcnet.train.Recipe;
import org.igcnet.train.Sgd;

/** Training steps of our engine on one batch. */
final class OwnTraining implements Session {
  private final Network network;
  private final ImageBatch batch;
  private final int[] labels;
  private final float[] gradients;
  private final Recipe recipe;
  private final Sgd sgd;
  private long steps;

  OwnTraining(Contender.Training contender) {
    Architecture architecture = contender.architecture();
    int images = contender.images();
    recipe = RandomImages.recipe(contender);
    network = Network.create(architecture, images, images, contender.threads());
    Initialisation.fill(network.weights(), RandomImages.SEED);
    batch = new RandomImages(architecture, images).batch();
    labels = batch.labels();
    gradients = new float[images * architecture.classes()];
    sgd = new Sgd(network.weights(), recipe);
  }

  @Override
  public void step() {
    float[] logits = network.forward(batch, recipe.normKept(steps++));
    CrossEntropy.gradient(logits, network.architecture().classes(), labels, gradients);
    network.backward(gradients);
    sgd.step(recipe.learningRate());
  }
}
