package org.igcnet.cpu.train;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.GradientExchange.Tally;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.backend.Weights;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.loss.Target;
import org.jspecify.annotations.Nullable;

/** A {@link Trainable} that learns. */
public final class CpuTraining implements TrainingSession {
  private final Trainable network;
  private final int normImages;
  private final GradientExchange exchange;
  private final State state;
  private final Sgd sgd;
  private final float[] logitGradients;
  private final Optional<Function<Weights, InferenceSession>> tester;

  /** What the tester made of the weights as they are, if somebody has asked. */
  private @Nullable InferenceSession tested;

  private CpuTraining(
      Setup setup, Trainable network, Optional<Function<Weights, InferenceSession>> tester) {
    this.network = network;
    this.tester = tester;
    this.normImages = setup.normImages();
    this.exchange = setup.exchange();
    this.state = State.of(network.weights());
    this.sgd = new Sgd(setup, state, network.gradients());
    this.logitGradients = new float[setup.batchSize() * network.architecture().classes()];
  }

  /**
   * Lets a network learn.
   *
   * @param setup what the network was made for
   * @param network is closed with the training
   */
  public static CpuTraining of(Setup setup, Trainable network) {
    return new CpuTraining(setup, network, Optional.empty());
  }

  /**
   * Lets a network learn that rounds its maps: it is tested as it will be used, without.
   *
   * @param setup what the network was made for
   * @param network is closed with the training
   * @param tester makes what predicts of a copy of the weights; it is asked anew when they have
   *     changed
   */
  public static CpuTraining of(
      Setup setup, Trainable network, Function<Weights, InferenceSession> tester) {
    return new CpuTraining(setup, network, Optional.of(tester));
  }

  @Override
  public Architecture architecture() {
    return network.architecture();
  }

  @Override
  public Score step(ImageBatch batch, double learningRate, float kept) {
    int images = exchange.images(batch.images());
    if (images == 0) {
      return Score.NONE;
    }
    forgetTested();
    Tally whole = exchange.sum(network.gradients(), learn(batch, images));
    network.moveAverages(kept, whole.groups());
    sgd.step(learningRate);
    return whole.score();
  }

  /**
   * Forward and backward.
   *
   * @param whole the images of the whole batch, of which this one is a share
   */
  private Tally learn(ImageBatch batch, int whole) {
    if (batch.images() == 0) {
      return nothing();
    }
    int classes = architecture().classes();
    Target[] targets = batch.targets();
    float[] logits = network.forward(batch);
    final Tally tally = tally(batch, logits);
    CrossEntropy.gradient(logits, classes, targets, whole, logitGradients);
    network.backward(logitGradients);
    return tally;
  }

  private Tally nothing() {
    Arrays.fill(network.gradients(), -0f);
    return Tally.NONE;
  }

  /** Each group's images one after the other, then the groups by their tree. */
  private Tally tally(ImageBatch batch, float[] logits) {
    NormGroups groups = NormGroups.of(batch, normImages);
    int classes = architecture().classes();
    Target[] targets = batch.targets();
    Tally[] tallies = new Tally[groups.count()];
    for (int group = 0; group < tallies.length; group++) {
      int first = groups.first(group);
      Score score = CrossEntropy.score(logits, classes, targets, first, groups.first(group + 1));
      tallies[group] = new Tally(score, 1);
    }
    groups.add((from, to) -> tallies[to] = tallies[to].plus(tallies[from]));
    return tallies[0];
  }

  @Override
  public int observe(ImageBatch batch, int before) {
    int seen = before + exchange.images(batch.images());
    if (seen > before) {
      forgetTested();
      Tally whole = exchange.sum(network.gradients(), see(batch));
      network.moveAverages((float) ((double) before / seen), whole.groups());
    }
    return seen;
  }

  private Tally see(ImageBatch batch) {
    return batch.images() == 0 ? nothing() : tally(batch, network.forward(batch));
  }

  @Override
  public float[] logits(ImageBatch batch) {
    if (tester.isEmpty()) {
      return network.logits(batch);
    }
    InferenceSession now = tested;
    if (now == null) {
      now = tester.get().apply(network.weights());
      tested = now;
    }
    return now.logits(batch);
  }

  /** Not a copy. */
  @Override
  public State state() {
    return state;
  }

  @Override
  public void restore(State other) {
    forgetTested();
    state.copy(other);
  }

  private void forgetTested() {
    InferenceSession before = tested;
    if (before != null) {
      tested = null;
      before.close();
    }
  }

  /** Stops the threads. */
  @Override
  public void close() {
    forgetTested();
    network.close();
  }
}
