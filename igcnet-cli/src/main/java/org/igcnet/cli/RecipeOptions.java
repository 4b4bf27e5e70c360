package org.igcnet.cli;

import java.util.OptionalInt;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.igcnet.train.NamedRecipe;
import org.igcnet.train.NormAverages;
import org.igcnet.train.NormStatistics;
import org.igcnet.train.Recipe;
import org.igcnet.train.Schedule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a user wants a network to be trained. */
final class RecipeOptions {
  private static final String STEM = "stem";

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "paper: section 5.2, a learning rate of 0.1 that is divided by 10 after 1/2, 3/4 and 7/8 of the steps; fast: 0.4 for a batch of 64, risen to in a tenth of the steps, falling by cosine; tuning: 0.02, falling by cosine. Options change single numbers of it (default: fast; with --from tuning).")
  private @Nullable NamedRecipe recipe;

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
      description = "Highest learning rate (default: the recipe's).")
  private @Nullable Double learningRate;

  @Option(
      names = {"--schedule", "--rate-steps"},
      paramLabel = "SCHEDULE",
      description =
          "How the learning rate falls: cosine; one-cycle (up in a quarter of the steps, then evenly down); or after which shares of the training it is divided by 10, or after which epochs, for example 30,60,90 (default: the recipe's).")
  private @Nullable String schedule;

  @Option(
      names = "--warm-up",
      paramLabel = "SHARE",
      description =
          "Share of the training in which the learning rate rises first, 0.05 for a twentieth (default: the recipe's; with --schedule 0, of one-cycle 0.25).")
  private @Nullable Double warmUp;

  @Option(
      names = "--momentum",
      paramLabel = "MU",
      description = "Nesterov's momentum (default: the recipe's).")
  private @Nullable Double momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "LAMBDA",
      description = "Of weights and γ (default: the recipe's).")
  private @Nullable Double weightDecay;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description =
          "Shorten all gradients together to this norm where it is greater; 0 for never (default: the recipe's).")
  private @Nullable Double clip;

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
      description =
          "What the learning rate is multiplied by for batch normalisation's γ and β (default: the recipe's).")
  private @Nullable Double normRate;

  @Option(
      names = "--average",
      paramLabel = "SHARE",
      description =
          "Test and keep a running average of all weights, which keeps this share of itself in a step, 0.999 for example, and less in the first ones; 0 for none (default: the recipe's).")
  private @Nullable Double average;

  @Option(
      names = "--mirror",
      paramLabel = "HOW",
      description =
          "Which training images are mirrored, where these data's are at all: random; alternating, each in every second epoch; or never (default: the recipe's).")
  private @Nullable Mirroring mirroring;

  @Option(
      names = "--cutout",
      paramLabel = "PIXELS",
      description =
          "Clear a square of so many rows and columns in each training image (default: the recipe's).")
  private @Nullable Integer cutout;

  @Option(
      names = "--erase",
      paramLabel = "SHARE",
      description =
          "Clear a rectangle in this share of the training images: random erasing (default: the recipe's).")
  private @Nullable Double erasing;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      description =
          "Mix training images by weights from Beta(ALPHA, ALPHA), 0.2 for example (default: the recipe's).")
  private @Nullable Double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "ALPHA",
      description =
          "Paste rectangles of other training images, of areas from Beta(ALPHA, ALPHA), 1 for example (default: the recipe's).")
  private @Nullable Double cutmix;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description =
          "Share of each label that is spread over all classes, 0.1 for example (default: the recipe's).")
  private @Nullable Double labelSmoothing;

  @Option(
      names = "--balance",
      description = "Let all classes count the same, however many images they have.")
  private boolean balanced;

  @Option(
      names = "--precision",
      paramLabel = "KIND",
      description =
          "How feature maps and their gradients are kept: float32, or bf16, which takes half the memory and less time; sums and weights are 32-bit floats either way (default: bf16 where Java has vectors, float32 for --recipe paper).")
  private @Nullable Precision precision;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "End after so many epochs without a better test; 0 for never (default: the recipe's).")
  private @Nullable Integer patience;

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

  private int workers = 1;

  /**
   * What is not said fits so many training images, and is that of a recipe with a name.
   *
   * @param usual the recipe where none is named
   */
  Recipe fitting(
      NamedRecipe usual, boolean identity, int images, Augmentation augmentation, Compute on) {
    return UsageMistake.unless(
        () ->
            changed(
                usual,
                Recipe.fitting(
                    identity,
                    images,
                    NetworkOptions.number(batch),
                    NetworkOptions.number(epochs),
                    augmentation,
                    seed),
                on));
  }

  /**
   * Looks whether there can be such a recipe, before the images are known: what is not said is as
   * large as any data make it, so that what is refused fits none.
   */
  void requirePossible(Augmentation augmentation, Compute on) {
    int passes = epochs == null ? Recipe.fittingEpochs(1) : epochs;
    int ofStep = batch == null ? Recipe.fittingBatch(Integer.MAX_VALUE) : batch;
    UsageMistake.unless(
        () -> {
          changed(
              NamedRecipe.PAPER,
              Recipe.paper(false, passes, augmentation, seed).withBatch(ofStep, ofStep),
              on);
        });
  }

  private Recipe changed(NamedRecipe usual, Recipe paper, Compute on) {
    Recipe named = orElse(recipe, usual).of(paper, on.engine());
    Precision kept = orElse(precision, named.precision());
    on.require(kept);
    return named
        .withLearningRate(orElse(learningRate, named.learningRate()))
        .withSchedule(schedule(named))
        .withOptimiser(optimiser(named.optimiser()))
        .withNorms(norms(named))
        .withImages(images(named.images()))
        .withAverageDecay(orElse(average, named.averageDecay()))
        .withFrozen(frozen())
        .withPrecision(kept)
        .withPatience(orElse(patience, named.patience()));
  }

  private static <T> T orElse(@Nullable T said, T otherwise) {
    return said == null ? otherwise : said;
  }

  private Schedule schedule(Recipe named) {
    Schedule course =
        schedule == null ? named.schedule() : Schedule.parse(schedule, named.epochs());
    return warmUp == null ? course : course.withWarmUp(warmUp);
  }

  private Optimiser optimiser(Optimiser named) {
    return new Optimiser(
        orElse(momentum, named.momentum()),
        orElse(weightDecay, named.weightDecay()),
        orElse(normRate, named.normRate()),
        orElse(clip, named.gradientLimit()));
  }

  private NormStatistics norms(Recipe fitting) {
    int ofWorker = Math.ceilDiv(fitting.batchSize(), workers);
    NormStatistics norms = fitting.norms().withImages(orElse(normImages, ofWorker));
    return normMomentum == null
        ? norms
        : norms.withMomentum(normMomentum).withAverages(NormAverages.WARMED);
  }

  private ImageRecipe images(ImageRecipe named) {
    return new ImageRecipe(
        named.augmentation(),
        orElse(mirroring, named.mirroring()),
        orElse(cutout, named.cutout()),
        orElse(erasing, named.erasing()),
        orElse(mixup, named.mixup()),
        orElse(cutmix, named.cutmix()),
        orElse(labelSmoothing, named.labelSmoothing()),
        balanced || named.balanced());
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

  /** Each of several workers has norms of its own part of a batch, where nothing else is said. */
  void shareAmong(int number) {
    workers = number;
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
