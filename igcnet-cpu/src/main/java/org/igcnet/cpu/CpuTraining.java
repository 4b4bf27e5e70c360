package org.igcnet.cpu;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.GroupTree;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;

/** A {@link Network} that learns. */
public final class CpuTraining implements TrainingSession {
  private final Network network;
  private final int normImages;
  private final State state;
  private final Sgd sgd;
  private final float[] logitGradients;

  private CpuTraining(Setup setup, Network network) {
    this.network = network;
    this.normImages = setup.normImages();
    this.state = State.of(network.weights());
    this.sgd = new Sgd(state, network.gradients(), setup.optimiser());
    this.logitGradients = new float[setup.batchSize() * network.architecture().classes()];
  }

  /**
   * Makes a network with all weights zero.
   *
   * @param threads threads that compute
   * @throws org.igcnet.UserError where Java was started without the vector module, or its heap has
   *     no room for the network
   */
  public static CpuTraining of(Setup setup, int threads) {
    return new CpuTraining(
        setup,
        Network.create(setup.architecture(), setup.batchSize(), setup.normImages(), threads));
  }

  @Override
  public Architecture architecture() {
    return network.architecture();
  }

  @Override
  public Score step(ImageBatch batch, double learningRate, float kept) {
    int classes = architecture().classes();
    int[] labels = batch.labels();
    float[] logits = network.forward(batch);
    final Score score = score(logits, labels);
    CrossEntropy.gradient(logits, classes, labels, logitGradients);
    network.backward(logitGradients);
    network.moveAverages(kept, groups(batch));
    sgd.step(learningRate);
    return score;
  }

  /** Each group's images one after the other, then the groups by their tree. */
  private Score score(float[] logits, int[] labels) {
    int classes = architecture().classes();
    Score[] groups = new Score[Math.ceilDiv(labels.length, normImages)];
    for (int group = 0; group < groups.length; group++) {
      int first = group * normImages;
      int end = Math.min(first + normImages, labels.length);
      groups[group] = CrossEntropy.score(logits, classes, labels, first, end);
    }
    GroupTree.add(groups.length, (from, to) -> groups[to] = groups[to].plus(groups[from]));
    return groups[0];
  }

  @Override
  public void observe(ImageBatch batch, float kept) {
    network.forward(batch);
    network.moveAverages(kept, groups(batch));
  }

  private int groups(ImageBatch batch) {
    return Math.ceilDiv(batch.images(), normImages);
  }

  @Override
  public float[] logits(ImageBatch batch) {
    return network.logits(batch);
  }

  /** Not a copy. */
  @Override
  public State state() {
    return state;
  }

  @Override
  public void restore(State other) {
    state.copy(other);
  }

  /** Stops the threads. */
  @Override
  public void close() {
    network.close();
  }
}
