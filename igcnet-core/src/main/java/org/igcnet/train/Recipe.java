package org.igcnet.train;

import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.ImageRecipe;

/**
 * The whole training in view: Section 5.2 of the paper, what its code adds, and what came after it.
 * Whatever is 0 is off, as all that came after it is in the paper's recipe.
 *
 * <p>Nesterov SGD on the mean cross entropy.
 *
 * @param epochs passes over the training set
 * @param batchSize images of one step
 * @param learningRate η, the highest
 * @param schedule how η changes
 * @param optimiser how weights follow their gradients
 * @param norms where batch normalisation has its statistics from
 * @param images how training images are varied, and what is to be said of them
 * @param averageDecay what a running average of all weights keeps of itself in a step, less in the
 *     first ones; the average is tested and becomes the model. 0 for none: the weights themselves
 * @param frozen how much of the network stays as it began: 0 for nothing, 1 for the stem, s + 1 for
 *     the stem and s stages
 * @param precision how feature maps and their gradients are kept
 * @param patience the training ends after so many epochs without a better test; 0 for never
 * @param seed of the first weights, the order of the images and their variations
 */
public record Recipe(
    int epochs,
    int batchSize,
    double learningRate,
    Schedule schedule,
    Optimiser optimiser,
    NormStatistics norms,
    ImageRecipe images,
    double averageDecay,
    int frozen,
    Precision precision,
    int patience,
    long seed) {
  /** What the learning rate is divided by at each of its steps. */
  public static final int STEP_DIVISOR = 10;

  /** Most epochs of a training. */
  public static final int MOST_EPOCHS = 1_000_000;

  /** More than any network has. */
  private static final int MOST_PARTS = 100;

  /** Most images of one step. */
  public static final int LARGEST_BATCH = 65_536;

  /** Images of one step in the paper. */
  static final int PAPER_BATCH = 64;

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
        "the number of images that batch normalisation takes together",
        norms.images(),
        1,
        batchSize);
    if (!(learningRate > 0 && learningRate <= 1000)) {
      throw new UserError(
          "the learning rate is %s; it must be above 0 and at most 1000, 0.1 is the paper's"
              .formatted(learningRate));
    }
    if (!(averageDecay >= 0 && averageDecay < 1)) {
      throw new UserError(
          "what the average of the weights keeps of itself is %s; it must be from 0, for none, to below 1, for example 0.999"
              .formatted(averageDecay));
    }
    within("the number of parts that stay as they began", frozen, 0, MOST_PARTS);
    within("the patience, in epochs,", patience, 0, MOST_EPOCHS);
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
        Schedule.PAPER,
        Optimiser.of(0.9, 1e-4),
        new NormStatistics(PAPER_BATCH, identity ? 0.9 : 0.99, NormAverages.ANEW),
        ImageRecipe.of(augmentation),
        0,
        0,
        Precision.FLOAT32,
        0,
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
    return schedule.at(learningRate, step, steps);
  }

  /**
   * Looks whether a network has the parts that are to stay as they began, and whether something of
   * its images can be left where a part is cleared.
   *
   * @param architecture the network
   * @throws UserError where it has fewer, or nothing ever is
   */
  public void requireFitting(Architecture architecture) {
    frozen(architecture);
    ImageShape input = architecture.input();
    if (images.cutout() >= 2 * Math.max(input.height(), input.width())) {
      throw new UserError(
          "a cutout of %d pixels clears all of every image of %s; half the size is usual"
              .formatted(images.cutout(), input));
    }
  }

  /** The names of the tensors that stay as they began. */
  Set<String> frozen(Architecture architecture) {
    return frozen == 0
        ? Set.of()
        : architecture.parametersUpTo(frozen - 1).stream()
            .map(Parameter::name)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The numbers of a recipe of which some are changed. */
  private static final class Draft {
    private int epochs;
    private int batchSize;
    private double learningRate;
    private Schedule schedule;
    private Optimiser optimiser;
    private NormStatistics norms;
    private ImageRecipe images;
    private double averageDecay;
    private int frozen;
    private Precision precision;
    private int patience;
    private long seed;

    Draft(Recipe recipe) {
      epochs = recipe.epochs;
      batchSize = recipe.batchSize;
      learningRate = recipe.learningRate;
      schedule = recipe.schedule;
      optimiser = recipe.optimiser;
      norms = recipe.norms;
      images = recipe.images;
      averageDecay = recipe.averageDecay;
      frozen = recipe.frozen;
      precision = recipe.precision;
      patience = recipe.patience;
      seed = recipe.seed;
    }

    Recipe recipe() {
      return new Recipe(
          epochs,
          batchSize,
          learningRate,
          schedule,
          optimiser,
          norms,
          images,
          averageDecay,
          frozen,
          precision,
          patience,
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
          draft.norms = norms.withImages(normImages);
        });
  }

  /**
   * {@return the same with another learning rate}
   *
   * @param learningRate the highest; above 0, at most 1,000
   */
  public Recipe withLearningRate(double learningRate) {
    return with(draft -> draft.learningRate = learningRate);
  }

  /**
   * {@return the same with another course of the learning rate}
   *
   * @param schedule how it changes
   */
  public Recipe withSchedule(Schedule schedule) {
    return with(draft -> draft.schedule = schedule);
  }

  /**
   * {@return the same with other steps of the learning rate, or steps instead of a curve}
   *
   * @param rateSteps after which it is divided by 10
   */
  public Recipe withRateSteps(RateSteps rateSteps) {
    return withSchedule(new Schedule(rateSteps, schedule.warmUp()));
  }

  /**
   * {@return the same with weights that follow their gradients otherwise}
   *
   * @param optimiser how they do
   */
  public Recipe withOptimiser(Optimiser optimiser) {
    return with(draft -> draft.optimiser = optimiser);
  }

  /**
   * {@return the same with other statistics of batch normalisation}
   *
   * @param norms where it has them from
   */
  public Recipe withNorms(NormStatistics norms) {
    return with(draft -> draft.norms = norms);
  }

  /**
   * {@return the same with training images that are varied otherwise}
   *
   * @param images how they are, and what is to be said of them
   */
  public Recipe withImages(ImageRecipe images) {
    return with(draft -> draft.images = images);
  }

  /**
   * {@return the same with another momentum μ}
   *
   * @param momentum from 0 to below 1
   */
  public Recipe withMomentum(double momentum) {
    return withOptimiser(optimiser.withMomentum(momentum));
  }

  /**
   * {@return the same with another weight decay λ}
   *
   * @param weightDecay from 0 to below 1
   */
  public Recipe withWeightDecay(double weightDecay) {
    return withOptimiser(optimiser.withWeightDecay(weightDecay));
  }

  /**
   * {@return the same with running averages of batch normalisation that come about in another way}
   *
   * @param averages how they come about
   */
  public Recipe withNormAverages(NormAverages averages) {
    return withNorms(norms.withAverages(averages));
  }

  /**
   * {@return the same with another augmentation}
   *
   * @param augmentation how training images are cut, and whether half of them are mirrored
   */
  public Recipe withAugmentation(Augmentation augmentation) {
    return withImages(images.withAugmentation(augmentation));
  }

  /**
   * {@return the same with another running average of all weights}
   *
   * @param averageDecay what it keeps of itself in a step; 0 for no average
   */
  public Recipe withAverageDecay(double averageDecay) {
    return with(draft -> draft.averageDecay = averageDecay);
  }

  /**
   * {@return the same in which another part of the network stays as it began}
   *
   * @param frozen 0 for nothing, 1 for the stem, s + 1 for the stem and s stages
   */
  public Recipe withFrozen(int frozen) {
    return with(draft -> draft.frozen = frozen);
  }

  /**
   * {@return the same with feature maps that are kept otherwise}
   *
   * @param precision how they are
   */
  public Recipe withPrecision(Precision precision) {
    return with(draft -> draft.precision = precision);
  }

  /**
   * {@return the same that ends early, or does not}
   *
   * @param patience epochs without a better test after which it ends; 0 for never
   */
  public Recipe withPatience(int patience) {
    return with(draft -> draft.patience = patience);
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
}
