package org.igcnet.train;

import java.util.OptionalInt;
import java.util.function.Consumer;
import org.igcnet.UserError;
import org.igcnet.backend.Optimiser;
import org.igcnet.data.Augmentation;

/**
 * The whole training in view: Section 5.2 of the paper, and what its code adds.
 *
 * <p>Nesterov SGD on the mean cross entropy.
 *
 * @param epochs passes over the training set
 * @param batchSize images of one step
 * @param learningRate that of the first step
 * @param rateSteps when it is divided by {@value #STEP_DIVISOR}
 * @param momentum μ of Nesterov's momentum
 * @param weightDecay λ, on weights and γ, not on biases and β
 * @param normImages images that share batch normalisation's statistics; 32 is the paper's batch of
 *     64 on two GPUs
 * @param normMomentum what a running average keeps of itself in one step, where steps move it
 * @param normAverages how running averages come about
 * @param augmentation how training images are varied
 * @param seed of the first weights, the order of the images and their variations
 */
public record Recipe(
    int epochs,
    int batchSize,
    double learningRate,
    RateSteps rateSteps,
    double momentum,
    double weightDecay,
    int normImages,
    double normMomentum,
    NormAverages normAverages,
    Augmentation augmentation,
    long seed) {
  /** What the learning rate is divided by at each of its steps. */
  public static final int STEP_DIVISOR = 10;

  static final int MOST_EPOCHS = 1_000_000;

  /** Most images of one step. */
  public static final int LARGEST_BATCH = 65_536;

  private static final int PAPER_BATCH = 64;

  /** Fewer images make statistics of batch normalisation that say little. */
  private static final int LEAST_BATCH = 8;

  /** Steps that an epoch of few images is divided into at least. */
  private static final int STEPS_OF_EPOCH = 8;

  /** Steps that are enough to learn something, of a small set of images. */
  private static final int ENOUGH_STEPS = 2_000;

  /** Steps that are not exceeded for the sake of {@link #USUAL_EPOCHS}. */
  private static final int LONGEST_STEPS = 20_000;

  private static final int USUAL_EPOCHS = 8;
  private static final int MOST_FITTING_EPOCHS = 100;

  /**
   * A recipe of all its values.
   *
   * @throws UserError where a value is out of its range
   */
  public Recipe {
    within("the number of epochs", epochs, 1, MOST_EPOCHS);
    within("the batch size", batchSize, 1, LARGEST_BATCH);
    within(
        "the number of images that batch normalisation takes together", normImages, 1, batchSize);
    if (!(learningRate > 0 && learningRate <= 1000)) {
      throw new UserError(
          "the learning rate is %s; it must be above 0 and at most 1000, 0.1 is the paper's"
              .formatted(learningRate));
    }
    belowOne("the momentum", momentum, 0.9);
    belowOne("the weight decay", weightDecay, 1e-4);
    belowOne("the momentum of batch normalisation's running averages", normMomentum, 0.9);
  }

  /**
   * {@return the paper's numbers on CIFAR and SVHN}
   *
   * @param identity whether the network has identity mappings: then running averages keep 0.9 of
   *     themselves in a step, otherwise 0.99
   * @param epochs passes over the training images
   * @param augmentation how training images are varied
   * @param seed of the weights, the order of images and their variations
   */
  public static Recipe paper(boolean identity, int epochs, Augmentation augmentation, long seed) {
    return new Recipe(
        epochs,
        PAPER_BATCH,
        0.1,
        RateSteps.CIFAR,
        0.9,
        1e-4,
        PAPER_BATCH,
        identity ? 0.9 : 0.99,
        NormAverages.ANEW,
        augmentation,
        seed);
  }

  /**
   * {@return the paper's recipe for so many training images, with batch and epochs that fit them
   * where none are given} All images of a batch share batch normalisation's statistics.
   *
   * @param identity whether the network has identity mappings
   * @param images number of training images
   * @param batch images of a step
   * @param epochs passes over the training images
   * @param augmentation how they are varied
   * @param seed of the weights, the order of images and their variations
   * @throws UserError where a number is out of its range
   */
  public static Recipe fitting(
      boolean identity,
      int images,
      OptionalInt batch,
      OptionalInt epochs,
      Augmentation augmentation,
      long seed) {
    int ofStep = batch.orElse(fittingBatch(images));
    Recipe once = paper(identity, 1, augmentation, seed).withBatch(ofStep, ofStep);
    return once.withEpochs(epochs.orElse(fittingEpochs(Math.ceilDiv(images, ofStep))));
  }

  /**
   * {@return a batch that fits so many training images: the paper's 64; of fewer than 512 images
   * the largest power of two, from 8 on, that makes at least 8 steps of an epoch}
   *
   * @param images number of training images
   */
  public static int fittingBatch(int images) {
    return Math.clamp(Integer.highestOneBit(images / STEPS_OF_EPOCH), LEAST_BATCH, PAPER_BATCH);
  }

  /**
   * {@return epochs that fit an epoch of so many steps: 8; of a small set as many as 2,000 steps
   * allow, at most 100; of a large one as many as 20,000 steps allow, at least 1}
   *
   * @param stepsOfEpoch steps of one epoch, at least 1
   */
  public static int fittingEpochs(int stepsOfEpoch) {
    int least = Math.clamp(LONGEST_STEPS / stepsOfEpoch, 1, USUAL_EPOCHS);
    return Math.clamp(ENOUGH_STEPS / stepsOfEpoch, least, MOST_FITTING_EPOCHS);
  }

  /**
   * {@return the learning rate of one step}
   *
   * @param step from 0
   * @param steps of the whole training
   */
  public double learningRate(long step, long steps) {
    long divisor = 1;
    for (RateSteps.Share share : rateSteps.shares()) {
      divisor *= step < share.of(steps) ? 1 : STEP_DIVISOR;
    }
    return learningRate / divisor;
  }

  /**
   * {@return what batch normalisation's running averages keep of themselves in one step} It depends
   * on the step's number alone.
   *
   * @param step from 0
   */
  public float normKept(long step) {
    return (float)
        switch (normAverages) {
          case MOVED -> normMomentum;
          case WARMED -> Math.min(normMomentum, (1.0 + step) / (10.0 + step));
          case ANEW -> 1;
        };
  }

  /** The numbers of a recipe of which some are changed. */
  private static final class Draft {
    private int epochs;
    private int batchSize;
    private double learningRate;
    private RateSteps rateSteps;
    private double momentum;
    private double weightDecay;
    private int normImages;
    private double normMomentum;
    private NormAverages normAverages;
    private Augmentation augmentation;
    private long seed;

    Draft(Recipe recipe) {
      epochs = recipe.epochs;
      batchSize = recipe.batchSize;
      learningRate = recipe.learningRate;
      rateSteps = recipe.rateSteps;
      momentum = recipe.momentum;
      weightDecay = recipe.weightDecay;
      normImages = recipe.normImages;
      normMomentum = recipe.normMomentum;
      normAverages = recipe.normAverages;
      augmentation = recipe.augmentation;
      seed = recipe.seed;
    }

    Recipe recipe() {
      return new Recipe(
          epochs,
          batchSize,
          learningRate,
          rateSteps,
          momentum,
          weightDecay,
          normImages,
          normMomentum,
          normAverages,
          augmentation,
          seed);
    }
  }

  private Recipe with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.recipe();
  }

  /**
   * {@return the same with another number of passes over the training images}
   *
   * @param epochs from 1
   */
  public Recipe withEpochs(int epochs) {
    return with(draft -> draft.epochs = epochs);
  }

  /**
   * {@return the same with batches of another size}
   *
   * @param batchSize images of one step
   * @param normImages those of them that share batch normalisation's statistics
   */
  public Recipe withBatch(int batchSize, int normImages) {
    return with(
        draft -> {
          draft.batchSize = batchSize;
          draft.normImages = normImages;
        });
  }

  /**
   * {@return the same with another learning rate of the first step}
   *
   * @param learningRate above 0, at most 1,000
   */
  public Recipe withLearningRate(double learningRate) {
    return with(draft -> draft.learningRate = learningRate);
  }

  /**
   * {@return the same with other steps of the learning rate}
   *
   * @param rateSteps after which it is divided by 10
   */
  public Recipe withRateSteps(RateSteps rateSteps) {
    return with(draft -> draft.rateSteps = rateSteps);
  }

  /**
   * {@return the same with another momentum μ}
   *
   * @param momentum from 0 to below 1
   */
  public Recipe withMomentum(double momentum) {
    return with(draft -> draft.momentum = momentum);
  }

  /**
   * {@return the same with another weight decay λ}
   *
   * @param weightDecay from 0 to below 1
   */
  public Recipe withWeightDecay(double weightDecay) {
    return with(draft -> draft.weightDecay = weightDecay);
  }

  /**
   * {@return the same with running averages that keep another share of themselves in a step}
   *
   * @param normMomentum from 0 to below 1
   */
  public Recipe withNormMomentum(double normMomentum) {
    return with(draft -> draft.normMomentum = normMomentum);
  }

  /**
   * {@return the same with running averages that come about in another way}
   *
   * @param normAverages how they come about
   */
  public Recipe withNormAverages(NormAverages normAverages) {
    return with(draft -> draft.normAverages = normAverages);
  }

  /**
   * {@return the same with training images that are varied otherwise}
   *
   * @param augmentation how they are varied
   */
  public Recipe withAugmentation(Augmentation augmentation) {
    return with(draft -> draft.augmentation = augmentation);
  }

  /**
   * {@return the same with another seed}
   *
   * @param seed of the weights, the order of images and their variations
   */
  public Recipe withSeed(long seed) {
    return with(draft -> draft.seed = seed);
  }

  private static void within(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UserError("%s is %d; it must be from %d to %d".formatted(what, value, least, most));
    }
  }

  private static void belowOne(String what, double value, double paper) {
    if (!(value >= 0 && value < 1)) {
      throw new UserError(
          "%s is %s; it must be at least 0 and below 1, for example %s"
              .formatted(what, value, paper));
    }
  }

  /** {@return how weights follow their gradients} */
  public Optimiser optimiser() {
    return new Optimiser(momentum, weightDecay);
  }
}
