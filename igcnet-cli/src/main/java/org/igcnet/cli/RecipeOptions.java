package org.igcnet.cli;

import java.util.OptionalInt;
import org.igcnet.backend.Optimiser;
import org.igcnet.data.Augmentation;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.igcnet.train.NormAverages;
import org.igcnet.train.NormStatistics;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;
import org.igcnet.train.Schedule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a user wants a network to be trained. */
final class RecipeOptions {
  private static final String STEM = "stem";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training images (default: 8; of a small set as many as 2,000 steps allow, at most 100; of a large one as many as 20,000 allow). With --resume as many as the run is to have in all.")
  private @Nullable Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images of one step (default: 64; of fewer than 512 images 32, 16 or 8, so that an epoch has 8 steps).")
  private @Nullable Integer batch;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      defaultValue = "0.1",
      description = "Highest learning rate (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = {"--schedule", "--rate-steps"},
      paramLabel = "SCHEDULE",
      defaultValue = RateSteps.CIFAR_TEXT,
      description =
          "How the learning rate falls: cosine; one-cycle (up in a quarter of the steps, then evenly down); or after which shares of the training it is divided by 10, or after which epochs, for example 30,60,90 (default: ${DEFAULT-VALUE}).")
  private String schedule = "";

  @Option(
      names = "--warm-up",
      paramLabel = "SHARE",
      description =
          "Share of the training in which the learning rate rises first, 0.05 for a twentieth (default: 0; of one-cycle 0.25).")
  private @Nullable Double warmUp;

  @Option(
      names = "--momentum",
      paramLabel = "MU",
      defaultValue = "0.9",
      description = "Nesterov's momentum (default: ${DEFAULT-VALUE}).")
  private double momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "LAMBDA",
      defaultValue = "1e-4",
      description = "Of weights and γ (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      defaultValue = "0",
      description =
          "Shorten all gradients together to this norm where it is greater; 0 for never (default: ${DEFAULT-VALUE}).")
  private double clip;

  @Option(
      names = "--bn-images",
      paramLabel = "N",
      description =
          "Images that share batch normalisation's statistics, 32 as on the paper's two GPUs (default: those of a step).")
  private @Nullable Integer normImages;

  @Option(
      names = "--bn-momentum",
      paramLabel = "SHARE",
      description =
          "Let each step move batch normalisation's running averages, which keep this share of themselves, 0.99 in the paper (0.9 with +Ident), and less in the first steps (default: they are taken anew from 1,024 training images before each test).")
  private @Nullable Double normMomentum;

  @Option(
      names = "--bn-lr",
      paramLabel = "TIMES",
      defaultValue = "1",
      description =
          "What the learning rate is multiplied by for batch normalisation's γ and β (default: ${DEFAULT-VALUE}).")
  private double normRate;

  @Option(
      names = "--average",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Test and keep a running average of all weights, which keeps this share of itself in a step, 0.999 for example, and less in the first ones; 0 for none (default: ${DEFAULT-VALUE}).")
  private double average;

  @Option(
      names = "--mirror",
      paramLabel = "HOW",
      defaultValue = "random",
      description =
          "Which training images are mirrored, where these data's are at all: random; alternating, each in every second epoch; or never (default: ${DEFAULT-VALUE}).")
  private Mirroring mirroring = Mirroring.RANDOM;

  @Option(
      names = "--cutout",
      paramLabel = "PIXELS",
      defaultValue = "0",
      description =
          "Clear a square of so many rows and columns in each training image (default: ${DEFAULT-VALUE}).")
  private int cutout;

  @Option(
      names = "--erase",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Clear a rectangle in this share of the training images: random erasing (default: ${DEFAULT-VALUE}).")
  private double erasing;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      defaultValue = "0",
      description =
          "Mix training images by weights from Beta(ALPHA, ALPHA), 0.2 for example (default: ${DEFAULT-VALUE}).")
  private double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "ALPHA",
      defaultValue = "0",
      description =
          "Paste rectangles of other training images, of areas from Beta(ALPHA, ALPHA), 1 for example (default: ${DEFAULT-VALUE}).")
  private double cutmix;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "Share of each label that is spread over all classes, 0.1 for example (default: ${DEFAULT-VALUE}).")
  private double labelSmoothing;

  @Option(
      names = "--balance",
      description = "Let all classes count the same, however many images they have.")
  private boolean balanced;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "End after so many epochs without a better test; 0 for never (default: ${DEFAULT-VALUE}).")
  private int patience;

  @Option(
      names = "--freeze",
      paramLabel = "STAGE",
      description =
          "Leave the first layers as the model of --from has them: stem, or up to a stage, 1, 2, ….")
  private @Nullable String freeze;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed of first weights, order and variation; the same seed gives the same bits (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** What is not said fits so many training images. */
  Recipe fitting(boolean identity, int images, Augmentation augmentation) {
    return UsageMistake.unless(
        () ->
            changed(
                Recipe.fitting(
                    identity,
                    images,
                    NetworkOptions.number(batch),
                    NetworkOptions.number(epochs),
                    augmentation,
                    seed)));
  }

  /**
   * Looks whether there can be such a recipe, before the images are known: what is not said is as
   * large as any data make it, so that what is refused fits none.
   */
  void requirePossible(Augmentation augmentation) {
    int passes = epochs == null ? Recipe.fittingEpochs(1) : epochs;
    int ofStep = batch == null ? Recipe.fittingBatch(Integer.MAX_VALUE) : batch;
    UsageMistake.unless(
        () -> {
          changed(Recipe.paper(false, passes, augmentation, seed).withBatch(ofStep, ofStep));
        });
  }

  private Recipe changed(Recipe fitting) {
    Schedule course = Schedule.parse(schedule, fitting.epochs());
    return fitting
        .withLearningRate(learningRate)
        .withSchedule(warmUp == null ? course : course.withWarmUp(warmUp))
        .withOptimiser(new Optimiser(momentum, weightDecay, normRate, clip))
        .withNorms(norms(fitting))
        .withImages(images(fitting.images().augmentation()))
        .withAverageDecay(average)
        .withFrozen(frozen())
        .withPatience(patience);
  }

  private NormStatistics norms(Recipe fitting) {
    NormStatistics norms =
        normImages == null ? fitting.norms() : fitting.norms().withImages(normImages);
    return normMomentum == null
        ? norms
        : norms.withMomentum(normMomentum).withAverages(NormAverages.WARMED);
  }

  private ImageRecipe images(Augmentation augmentation) {
    return new ImageRecipe(
        augmentation, mirroring, cutout, erasing, mixup, cutmix, labelSmoothing, balanced);
  }

  /** The stem is one part, and each stage behind it one more. */
  private int frozen() {
    if (freeze == null) {
      return 0;
    }
    if (freeze.equals(STEM)) {
      return 1;
    }
    if (!freeze.matches("[1-9]")) {
      throw new UsageMistake(
          "--freeze takes stem, or the number of a stage such as 2, not \"%s\"".formatted(freeze));
    }
    return Integer.parseInt(freeze) + 1;
  }

  boolean freezes() {
    return freeze != null;
  }

  /** How many epochs there are to be, if that is said. */
  OptionalInt epochs() {
    return NetworkOptions.number(epochs);
  }

  boolean saysEpochs() {
    return epochs != null;
  }

  boolean saysBatch() {
    return batch != null;
  }
}
