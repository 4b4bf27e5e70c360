package org.igcnet.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.data.Augmentation;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Part;
import org.igcnet.data.Splits;
import org.igcnet.theory.NetworkCost;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.NormAverages;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;
import org.igcnet.train.TrainingRun;
import org.igcnet.train.Warning;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code igcnet train}: trains a network into a run folder, or goes on with a run. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Train a network into a run folder, with the paper's recipe (section 5.2).",
      "Without arguments: IGC-L24M2 of depth 8 on built-in pictures; it takes minutes.",
      "Epochs, batch, size of pictures and body fit the data where they are not given; they are shown at the start.",
      "A run that was stopped, even killed, goes on with --resume as if nothing had happened.",
      "Ctrl-C ends the step, writes a checkpoint and exits with 130; once more ends at once."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} train",
      "  ${ROOT-COMMAND-NAME} train IGC-L24M2 --depth 20 --data cifar10:DIR --epochs 40 --out runs/a",
      "  ${ROOT-COMMAND-NAME} train IGC-L24M2 --data folder:DIR   (a folder of pictures for each class)",
      "  ${ROOT-COMMAND-NAME} train --resume runs/a"
    })
final class TrainCommand implements Callable<Integer>, Remedy.Smaller {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final List<String> WITH_RESUME =
      List.of("--resume", "--data", "--device", "--threads", "--json", "--stacktrace");

  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "shapes",
      description = DataOptions.KINDS + " (default: ${DEFAULT-VALUE}).")
  private String data = "";

  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training images (default: 8; of a small set as many as 2,000 steps allow, at most 100; of a large one as many as 20,000 allow).")
  private @Nullable Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Images of one step (default: 64; of fewer than 512 images 32, 16 or 8, so that an epoch has 8 steps).")
  private @Nullable Integer batch;

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
      names = "--lr",
      paramLabel = "RATE",
      defaultValue = "0.1",
      description =
          "First learning rate; divided by 10 at each of the --rate-steps (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--rate-steps",
      paramLabel = "STEPS",
      defaultValue = RateSteps.CIFAR_TEXT,
      description =
          "After which shares of the training the learning rate is divided, or after which epochs, for example 30,60,90 (default: ${DEFAULT-VALUE}).")
  private String rateSteps = "";

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Seed of first weights, order and variation; the same seed gives the same bits (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder, new or empty (default: a new one below runs).")
  private @Nullable Path out;

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description =
          "Go on with the run in this folder, with its own settings; --data says where its data are now, if they moved.")
  private @Nullable Path resume;

  @Mixin private final EngineOptions engine = new EngineOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Set by picocli. */
  @SuppressWarnings("NullAway.Init")
  @Spec
  private CommandSpec spec;

  private final Console console;

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    // With --json the one document goes to standard output, so all else goes to standard error.
    PrintWriter log = json.wanted() ? console.err() : console.out();
    try (TrainingRun run = open();
        StopSignals signals = StopSignals.asking(run::stop)) {
      describe(run, log);
      TrainingRun.Outcome outcome;
      int skipped;
      try (TrainingProgress progress = new TrainingProgress(console, log, run.splits().measure())) {
        outcome = run.run(progress);
        skipped = progress.skipped();
      } catch (TrainingRun.Stopped stopped) {
        console.say(
            "igcnet: %s; %s goes on"
                .formatted(stopped.getMessage(), Hint.command("train", "--resume", run.folder())));
        return signals.exitCode();
      }
      conclude(run, outcome, skipped);
      return ExitCode.OK;
    }
  }

  private TrainingRun open() {
    try (WorkProgress progress = new WorkProgress(console)) {
      return resume != null ? resumed(resume, progress) : started(progress);
    }
  }

  @Override
  public Optional<String> smaller() {
    return resume == null
        ? Optional.of("a smaller --batch, or --size of pictures,")
        : Optional.empty();
  }

  /** What the data have no part in is checked before they are read. */
  private TrainingRun started(WorkProgress progress) {
    Compute on = engine.compute(compute.threads());
    DataSpec spec = dataOptions.spec(data);
    network.requirePossible();
    UsageMistake.unless(() -> longest(spec.augmentation()));
    Path folder = free();
    Splits splits = Splits.fitting(spec, progress);
    int images = splits.train().size();
    Recipe recipe = UsageMistake.unless(() -> recipe(images, spec.augmentation()));
    Architecture architecture =
        network.architecture(splits.train().classes().size(), splits.train().shape());
    return out != null
        ? TrainingRun.start(folder, architecture, splits, recipe, on)
        : TrainingRun.startNew(folder, architecture, splits, recipe, on);
  }

  /** The run folder, which can be written. */
  private Path free() {
    Path folder = out == null ? newFolder() : out;
    TrainingRun.requireFree(folder);
    return folder;
  }

  /** What is not said fits so many training images. */
  private Recipe recipe(int images, Augmentation augmentation) {
    return changed(
        Recipe.fitting(
            network.name().identity(),
            images,
            NetworkOptions.number(batch),
            NetworkOptions.number(epochs),
            augmentation,
            seed));
  }

  /** What is not said is as large as any data make it, so that what is refused fits none. */
  private Recipe longest(Augmentation augmentation) {
    int passes = epochs == null ? Recipe.fittingEpochs(1) : epochs;
    int ofStep = batch == null ? Recipe.fittingBatch(Integer.MAX_VALUE) : batch;
    return changed(
        Recipe.paper(network.name().identity(), passes, augmentation, seed)
            .withBatch(ofStep, ofStep));
  }

  private Recipe changed(Recipe fitting) {
    int ofStep = fitting.batchSize();
    Recipe recipe =
        fitting
            .withBatch(ofStep, normImages == null ? ofStep : normImages)
            .withLearningRate(learningRate)
            .withRateSteps(RateSteps.parse(rateSteps, fitting.epochs()));
    return normMomentum == null
        ? recipe
        : recipe.withNormMomentum(normMomentum).withNormAverages(NormAverages.WARMED);
  }

  private Path newFolder() {
    String name =
        "%s-%s"
            .formatted(
                network.name().toString().replace('+', '-'),
                TIMESTAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
    return Path.of("runs", name);
  }

  /** A run keeps its settings to its end: only what does not change its result may be given. */
  private TrainingRun resumed(Path folder, WorkProgress progress) {
    for (ArgSpec given : spec.commandLine().getParseResult().matchedArgs()) {
      String name = given instanceof OptionSpec option ? option.longestName() : given.paramLabel();
      if (!WITH_RESUME.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "%s cannot be given with --resume: a run goes on with its own settings"
                .formatted(name));
      }
    }
    Optional<DataSpec> moved =
        spec.commandLine().getParseResult().hasMatchedOption("--data")
            ? Optional.of(UsageMistake.unless(() -> DataSpec.parse(data)))
            : Optional.empty();
    return TrainingRun.resume(folder, moved, engine.device(), compute.threads(), progress);
  }

  private void describe(TrainingRun run, PrintWriter log) {
    NetworkCost cost = NetworkCost.of(run.architecture());
    Recipe recipe = run.recipe();
    log.printf(
        "%s: %,d parameters, %,d multiply-adds an image%n",
        run.architecture(), cost.parameters(), cost.multiplyAdds());
    Splits splits = run.splits();
    log.printf(
        "%s: %,d training and %,d %s images%s%n",
        splits.spec(),
        splits.train().size(),
        splits.test().size(),
        splits.measure(),
        splits.testedOnTraining() ? ", the same: nothing is held out" : "");
    log.printf("classes to learn: %s%n", ClassCounts.of(splits.train()));
    log.printf(
        "%d epochs of %,d steps of %d images, learning rate %s divided by %d after %s, seed %d, %d threads%n",
        recipe.epochs(),
        run.batchesPerEpoch(),
        recipe.batchSize(),
        recipe.learningRate(),
        Recipe.STEP_DIVISOR,
        recipe.rateSteps(),
        recipe.seed(),
        compute.threads());
    splits.leftAlone().forEach(some -> log.printf("left alone: %s%n", some));
    if (resume == null) {
      chosen(run).ifPresent(options -> log.printf("%s%n", options));
    }
    for (Warning warning : run.warnings()) {
      log.printf("warning: %s%n", sentence(warning));
    }
    int done = run.metrics().size();
    log.printf(
        "run folder %s%s; if it is stopped, %s goes on%n%n",
        run.folder(),
        done == 0 ? "" : ", %d epochs done before".formatted(done),
        Hint.command("train", "--resume", run.folder()));
    run.remarks().forEach(remark -> log.printf("%s%n", remark));
    log.flush();
  }

  /** What was chosen to fit the data, as the options that would choose otherwise. */
  private Optional<String> chosen(TrainingRun run) {
    Recipe recipe = run.recipe();
    List<String> options = new ArrayList<>();
    if (epochs == null) {
      options.add("--epochs " + recipe.epochs());
    }
    if (batch == null) {
      options.add("--batch " + recipe.batchSize());
    }
    if (dataOptions.spec(data).ofAnySize()) {
      options.add("--size " + run.architecture().input().height());
    }
    if (network.body().isEmpty()) {
      options.add("--body " + run.architecture().body().id());
    }
    return options.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "chosen to fit these data: %s; give an option to choose otherwise"
                .formatted(String.join(" ", options)));
  }

  /** A warning, and what may be done about it. */
  private static String sentence(Warning warning) {
    return switch (warning) {
      case Warning.FewImages few -> few.fact();
      case Warning.FewSteps few -> few.fact() + "; --epochs N makes more";
      case Warning.FewTested few ->
          few.part() == Part.HELD_OUT
              ? few.fact() + "; --held-out 0.3 keeps more of them"
              : few.fact();
      case Warning.NoneHeldOut none ->
          none.share().isPresent()
              ? "%s; --held-out %s keeps one of them"
                  .formatted(none.fact(), none.share().getAsDouble())
              : none.fact();
    };
  }

  private void conclude(TrainingRun run, TrainingRun.Outcome outcome, int skipped) {
    if (json.wanted()) {
      console.json(TrainDocument.of(run, outcome, skipped));
      return;
    }
    if (skipped > 0) {
      console.out().printf("%n%,d pictures could not be decoded and were left out.%n", skipped);
    }
    console
        .out()
        .printf(
            "%nBest %s accuracy %.2f%% after epoch %d; that model is in %s.%nNext: %s PICTURE...%n",
            run.splits().measure(),
            outcome.best().testAccuracy(),
            outcome.best().epoch(),
            run.folder(),
            Hint.command("predict", run.folder()));
  }

  /** What {@code --json} prints. */
  private record TrainDocument(
      String run,
      String network,
      int depth,
      int classes,
      String data,
      int epochs,
      int batch,
      List<String> warnings,
      int skipped,
      EpochMetrics best,
      EpochMetrics last) {
    static TrainDocument of(TrainingRun run, TrainingRun.Outcome outcome, int skipped) {
      Architecture architecture = run.architecture();
      return new TrainDocument(
          run.folder().toString(),
          architecture.network().toString(),
          architecture.depth(),
          architecture.classes(),
          run.splits().spec(),
          run.recipe().epochs(),
          run.recipe().batchSize(),
          run.warnings().stream().map(TrainCommand::sentence).toList(),
          skipped,
          outcome.best(),
          outcome.last());
    }
  }
}
