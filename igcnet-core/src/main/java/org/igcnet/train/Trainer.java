package org.igcnet.train;

import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.TrainingSession;
import org.igcnet.data.BatchShare;
import org.igcnet.data.BatchStream;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Normalization;
import org.igcnet.data.Splits;
import org.igcnet.files.JsonDocument;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.model.Evaluation;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.igcnet.model.TestListener;
import org.igcnet.train.TrainingListener.BatchProgress;
import org.jspecify.annotations.Nullable;

/**
 * Trains a network epoch by epoch, and touches no file. The weights do not depend on the number of
 * threads, nor on where an epoch was begun again.
 *
 * <p>Data flows one way: data set → augmentation → batch → step → state.
 *
 * <pre>{@code
 * try (Trainer trainer = Trainer.of(architecture, splits, normalization, recipe, compute)) {
 *   while (!trainer.isDone()) {
 *     EpochMetrics epoch = trainer.epoch(listener, () -> {});
 *   }
 *   Weights weights = trainer.state().weights();
 * }
 * }</pre>
 */
public final class Trainer implements AutoCloseable {
  /** Training images that running averages are taken from anew; more test no better. */
  private static final int AVERAGED_IMAGES = 1_024;

  private final TrainingSession session;
  private final Splits splits;
  private final Normalization normalization;
  private final Recipe recipe;
  private final BatchShare share;
  private final GradientExchange exchange;
  private Progress progress = Progress.START;

  /** The running average of the weights, where the recipe has one. */
  private final Optional<WeightAverage> average;

  /** What is learned so far, put aside while the session tests the average of it. */
  private @Nullable State aside;

  private Optional<EpochMetrics> best = Optional.empty();

  /** What its owner does between two batches; what it throws ends the epoch there. */
  @FunctionalInterface
  public interface Pause {
    /** A batch was learned, or tested with, and all numbers are as they stay. */
    void afterBatch();
  }

  private Trainer(
      TrainingSession session,
      Splits splits,
      Normalization normalization,
      Recipe recipe,
      BatchShare share,
      GradientExchange exchange) {
    this.session = session;
    this.splits = splits;
    this.normalization = normalization;
    this.recipe = recipe;
    this.share = share;
    this.exchange = exchange;
    State state = session.state();
    Initialisation.fill(state.weights(), recipe.seed());
    session.restore(state);
    this.average =
        recipe.averageDecay() > 0
            ? Optional.of(new WeightAverage(state.weights(), recipe.averageDecay()))
            : Optional.empty();
  }

  /**
   * A training that begins, with every batch for itself.
   *
   * @param architecture the network
   * @param splits what to learn and to test with
   * @param normalization of the images
   * @param recipe how
   * @param compute what runs the network
   * @return the training, to be closed
   */
  public static Trainer of(
      Architecture architecture,
      Splits splits,
      Normalization normalization,
      Recipe recipe,
      Compute compute) {
    return of(architecture, splits, normalization, recipe, compute, GradientExchange.ALONE);
  }

  /**
   * A training that begins. Several trainers, each with an exchange of its own and all else equal,
   * share every batch and end with the same bits as one that is alone.
   *
   * @param architecture the network
   * @param splits what to learn and to test with
   * @param normalization of the images
   * @param recipe how
   * @param compute what runs the network
   * @param exchange joins it with the others
   * @return the training, to be closed
   * @throws UserError where the batch has fewer groups that share norms than there are trainers
   */
  public static Trainer of(
      Architecture architecture,
      Splits splits,
      Normalization normalization,
      Recipe recipe,
      Compute compute,
      GradientExchange exchange) {
    int normImages = recipe.norms().images();
    BatchShare share =
        BatchShare.of(recipe.batchSize(), normImages, exchange.rank(), exchange.trainers());
    Setup setup =
        new Setup(
            architecture,
            share.capacity(),
            normImages,
            recipe.optimiser(),
            recipe.frozen(architecture),
            recipe.precision(),
            exchange);
    TrainingSession session = compute.training(setup);
    try {
      return new Trainer(session, splits, normalization, recipe, share, exchange);
    } catch (RuntimeException | Error failed) {
      session.close();
      throw failed;
    }
  }

  /**
   * {@return what a trainer takes from Java's heap, without the data set}
   *
   * @param architecture the network
   * @param batchSize images of one step
   * @param normImages images that share batch normalisation's statistics
   * @param precision of the feature maps
   * @param compute what runs the network
   */
  public static MemoryPlan memory(
      Architecture architecture,
      int batchSize,
      int normImages,
      Precision precision,
      Compute compute) {
    return compute
        .memory(architecture, batchSize, normImages, precision)
        .plus("batches prepared ahead", BatchStream.bytes(architecture.input(), batchSize));
  }

  /** What a running average of the weights takes, with copies of the weights while it is tested. */
  static long averageBytes(Architecture architecture, Recipe recipe) {
    int copies = 4;
    return recipe.averageDecay() == 0 ? 0 : copies * MemoryPlan.floats(architecture.tensorValues());
  }

  /** {@return the network} */
  public Architecture architecture() {
    return session.architecture();
  }

  /** {@return how it learns} */
  public Recipe recipe() {
    return recipe;
  }

  /** {@return what it learns from and is tested with} */
  public Splits splits() {
    return splits;
  }

  /** {@return what is taken from images first} */
  public Normalization normalization() {
    return normalization;
  }

  /**
   * {@return the weights, averages and velocities as they are now; see {@link
   * TrainingSession#state}}
   */
  public State state() {
    return aside == null ? session.state() : aside;
  }

  /** All that a checkpoint keeps, not a copy. */
  Checkpoint.Learned learned() {
    return new Checkpoint.Learned(state(), average.map(WeightAverage::weights));
  }

  /**
   * The network as it is tested now.
   *
   * @param epoch what the last epoch came to
   * @param run the SHA-256 of the run's description, if it is one in a folder
   * @param listing that of the listing of the data's pictures, if it is known
   */
  Model model(EpochMetrics epoch, Optional<String> run, Optional<String> listing) {
    return new Model(
        architecture(),
        splits.train().classes(),
        DataSpec.framing(splits.spec()),
        normalization,
        new Origin(
            splits.spec(),
            epoch.epoch(),
            epoch.testAccuracy(),
            JsonDocument.fields(recipe),
            Origin.runningVersions(),
            run,
            listing),
        tested().weights());
  }

  private State tested() {
    return average.map(WeightAverage::weights).map(State::of).orElseGet(session::state);
  }

  /** Begins with what {@link FineTuning} takes from a model, the rest being the seed's. */
  void beginWith(Model model) {
    State state = session.state();
    FineTuning.put(model, splits.train().classes(), state.weights());
    session.restore(state);
    average.ifPresent(of -> of.restart(state.weights()));
  }

  /** How far the training is. */
  Progress progress() {
    return progress;
  }

  /**
   * Goes on where a training was that had this state then, and this average of its weights if it
   * has one.
   *
   * @param before the best of the epochs before
   */
  void restore(State state, Progress then, Optional<EpochMetrics> before) {
    session.restore(state);
    progress = then;
    best = before;
  }

  /** {@return the number of batches in an epoch} */
  public int batchesPerEpoch() {
    return Math.ceilDiv(splits.train().size(), recipe.batchSize());
  }

  /** {@return the number of steps of the whole training} */
  public long steps() {
    return (long) recipe.epochs() * batchesPerEpoch();
  }

  /** {@return whether all epochs are done, or the test has not become better for too long} */
  public boolean isDone() {
    return isDone(recipe, progress.epoch(), best);
  }

  /**
   * Whether a training has ended.
   *
   * @param epochs that are done
   * @param best of them
   */
  static boolean isDone(Recipe recipe, int epochs, Optional<EpochMetrics> best) {
    boolean stalled =
        recipe.patience() > 0
            && best.isPresent()
            && epochs - best.get().epoch() >= recipe.patience();
    return stalled || epochs >= recipe.epochs();
  }

  /** {@return the epoch with the highest test accuracy so far, the first of several} */
  public Optional<EpochMetrics> best() {
    return best;
  }

  /** Whether all batches of the epoch at hand are learned. */
  boolean epochIsLearned() {
    return progress.batch() >= batchesPerEpoch();
  }

  /**
   * Learns the rest of an epoch, and tests.
   *
   * @param listener hears each step
   * @param pause is called between batches
   * @return what the epoch came to; the next one begins then
   * @throws UserError where the loss stops being a number, or not one picture can be decoded
   */
  public EpochMetrics epoch(TrainingListener listener, Pause pause) {
    learn(listener, pause);
    Evaluation test =
        average.isPresent()
            ? testAverage(average.get(), listener, pause)
            : testAsItIs(listener, pause);
    requireNumber("the test loss", test.loss(), "after");
    EpochMetrics metrics = metrics(test);
    progress = Progress.afterEpoch(metrics.epoch());
    if (metrics.isBetterThan(best)) {
      best = Optional.of(metrics);
    }
    return metrics;
  }

  private Evaluation testAsItIs(TrainingListener listener, Pause pause) {
    if (recipe.norms().averages() == NormAverages.ANEW) {
      takeAverages(pause);
    }
    return test(listener, pause);
  }

  /** Tests with the average in the weights' place, and puts these back. */
  private Evaluation testAverage(WeightAverage tested, TrainingListener listener, Pause pause) {
    State kept = State.of(architecture());
    kept.copy(session.state());
    aside = kept;
    try {
      session.restore(State.of(tested.weights()));
      Evaluation test = testAsItIs(listener, pause);
      tested.takeNorms(session.state().weights());
      return test;
    } finally {
      session.restore(kept);
      aside = null;
    }
  }

  private BatchStream batches(int first) {
    return BatchStream.training(
        splits.train(),
        normalization,
        recipe.images(),
        share,
        recipe.seed(),
        progress.epoch(),
        first);
  }

  private void learn(TrainingListener listener, Pause pause) {
    try (BatchStream batches = batches(progress.batch())) {
      long begin = System.nanoTime();
      for (ImageBatch batch = batches.next(); batch != null; batch = batches.next()) {
        batches.skipped().forEach(listener::skipped);
        Score score = step(batch, batches.passed());
        progress = progress.plus(score, (System.nanoTime() - begin) / 1e9, batches.passed());
        if (score.images() > 0) {
          listener.batch(batchProgress());
          pause.afterBatch();
        }
        begin = System.nanoTime();
      }
      batches.skipped().forEach(listener::skipped);
    }
    requireImages();
  }

  /**
   * Forward, loss, backward, and a step of the optimiser.
   *
   * @param number of the batch in its epoch, from 1
   */
  private Score step(ImageBatch batch, int number) {
    long step = stepsDone();
    Score score = session.step(batch, learningRate(step), recipe.norms().kept(step));
    requireNumber("the loss", score.loss(), "in batch %d of".formatted(number));
    average.ifPresent(of -> of.follow(session.state().weights(), step));
    return score;
  }

  /**
   * Gives the running averages the mean statistics of the epoch's first images, by the weights as
   * they are now.
   */
  private void takeAverages(Pause pause) {
    try (BatchStream batches = batches(0)) {
      int taken = 0;
      for (ImageBatch batch = batches.next();
          batch != null && taken < AVERAGED_IMAGES;
          batch = batches.next()) {
        taken = session.observe(batch, taken);
        pause.afterBatch();
      }
    }
  }

  /** Each trainer tests as many images as any other. */
  private Evaluation test(TrainingListener listener, Pause pause) {
    try (BatchStream batches =
        BatchStream.inOrder(
            splits.test(),
            normalization,
            share.capacity(),
            firstTested(exchange.rank()),
            firstTested(exchange.rank() + 1))) {
      return Evaluation.of(session, batches, exchange, new Testing(listener, pause));
    }
  }

  private int firstTested(int rank) {
    return (int) ((long) splits.test().size() * rank / exchange.trainers());
  }

  private record Testing(TrainingListener listener, Pause pause) implements TestListener {
    @Override
    public void tested(long images) {
      pause.afterBatch();
    }

    @Override
    public void skipped(String sentence) {
      listener.skipped(sentence);
    }
  }

  private EpochMetrics metrics(Evaluation test) {
    Score train = progress.score();
    return new EpochMetrics(
        progress.epoch() + 1,
        stepsDone(),
        learningRate(stepsDone() - 1),
        train.meanLoss(),
        train.accuracy(),
        Optional.of(train.top5()),
        test.loss(),
        test.accuracy(),
        test.top5(),
        progress.seconds(),
        train.images() / progress.seconds());
  }

  private BatchProgress batchProgress() {
    Score score = progress.score();
    double perSecond = score.images() / progress.seconds();
    long left =
        (long) (recipe.epochs() - progress.epoch()) * splits.train().size() - score.images();
    return new BatchProgress(
        progress.epoch() + 1,
        recipe.epochs(),
        progress.batch(),
        batchesPerEpoch(),
        score.meanLoss(),
        score.accuracy(),
        perSecond,
        left / perSecond);
  }

  private long stepsDone() {
    return (long) progress.epoch() * batchesPerEpoch() + progress.batch();
  }

  private double learningRate(long step) {
    return recipe.learningRate(step, steps());
  }

  private void requireImages() {
    if (progress.score().images() == 0) {
      throw new UserError(
          "not one picture of %s could be decoded, so there is nothing to learn from"
              .formatted(splits.spec()));
    }
  }

  /**
   * @param when in words that the epoch's number completes
   */
  private void requireNumber(String what, double loss, String when) {
    if (!Double.isFinite(loss)) {
      throw new UserError(
          "%s became %s %s epoch %d; a smaller learning rate than %s may help"
              .formatted(what, loss, when, progress.epoch() + 1, recipe.learningRate()));
    }
  }

  /** Gives back threads and memory. */
  @Override
  public void close() {
    session.close();
  }
}
