package org.igcnet.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.data.ClassCounts;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Part;
import org.igcnet.data.Splits;
import org.igcnet.model.Model;
import org.igcnet.theory.NetworkCost;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.FirstModel;
import org.igcnet.train.NamedRecipe;
import org.igcnet.train.Recipe;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingCluster.Place;
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
      "Train a network into a run folder.",
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
      "  ${ROOT-COMMAND-NAME} train IGC-L24M2 --data cifar10:DIR --epochs 400 --recipe paper",
      "  ${ROOT-COMMAND-NAME} train IGC-L24M2 --data folder:DIR   (a folder of pictures for each class)",
      "  ${ROOT-COMMAND-NAME} train --from runs/a --freeze 1 --data folder:DIR   (fine-tuning)",
      "  ${ROOT-COMMAND-NAME} train --pretrained igc-l24m2-d8-cifar10 --data folder:DIR",
      "  ${ROOT-COMMAND-NAME} train --data cifar10:DIR --spark spark://HOST:7077 --workers 4",
      "  ${ROOT-COMMAND-NAME} train --resume runs/a",
      "  ${ROOT-COMMAND-NAME} train --resume runs/a --epochs 80   (more of them)"
    })
final class TrainCommand implements Callable<Integer>, Remedy.Smaller {
  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
  private static final List<String> WITH_RESUME =
      List.of(
          "--resume",
          "--data",
          "--epochs",
          "--device",
          "--threads",
          "--spark",
          "--workers",
          "--worker-threads",
          "--store",
          "--spark-conf",
          "--json",
          "--stacktrace");

  /** What the model decides. */
  private static final List<String> NOT_WITH_FROM = List.of("NETWORK", "--depth", "--body");

  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "shapes",
      description = DataOptions.KINDS + " (default: ${DEFAULT-VALUE}).")
  private String data = "";

  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Mixin private final RecipeOptions recipe = new RecipeOptions();

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "Begin with the weights of this model, whatever its classes and its size: fine-tuning. NETWORK, --depth and --body are the model's.")
  private @Nullable Path from;

  @Mixin private final PretrainedOption pretrained = new PretrainedOption();

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
  @Mixin private final SparkOptions spark = new SparkOptions();
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
    try (TrainingCluster cluster = spark.sharing();
        TrainingRun run = open(cluster);
        StopSignals signals = StopSignals.asking(cluster == null ? run::stop : cluster::stop)) {
      List<Warning> warnings = warnings(run);
      describe(run, warnings, log);
      TrainingRun.Outcome outcome;
      int skipped;
      try (TrainingProgress progress = new TrainingProgress(console, log, run.splits().measure())) {
        outcome =
            cluster == null
                ? run.run(progress)
                : cluster.train(new Place(run.folder(), spark.store()), moved(), progress);
        skipped = progress.skipped();
      } catch (TrainingRun.Stopped stopped) {
        console.say(
            "igcnet: %s; %s goes on"
                .formatted(stopped.getMessage(), Hint.command("train", "--resume", run.folder())));
        return signals.exitCode();
      }
      conclude(run, warnings, outcome, skipped);
      return ExitCode.OK;
    }
  }

  private TrainingRun open(@Nullable TrainingCluster cluster) {
    try (WorkProgress progress = new WorkProgress(console)) {
      if (cluster != null && resume != null) {
        cluster.fetch(new Place(resume, spark.store()));
      }
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
    spark.requireOwn(on);
    recipe.shareAmong(spark.workers());
    DataSpec named = dataOptions.spec(data);
    recipe.requirePossible(named.augmentation(), on);
    Optional<FirstModel> first = first();
    Optional<Model> model = first.map(FirstModel::model);
    if (model.isEmpty()) {
      network.requirePossible();
    }
    boolean identity = networkName(model).identity();
    Path folder = free(model);
    Splits splits = Splits.fitting(named.orSize(size(model)), progress);
    Recipe how =
        recipe.fitting(
            NamedRecipe.usual(tuning()), identity, splits.train().size(), named.augmentation(), on);
    Architecture architecture = architecture(model, splits);
    UsageMistake.unless(() -> how.requireFitting(architecture));
    return out != null
        ? TrainingRun.start(folder, architecture, splits, how, first, on)
        : TrainingRun.startNew(folder, architecture, splits, how, first, on);
  }

  /** The model to begin with, if there is to be one. */
  private Optional<FirstModel> first() {
    Optional<ModelSource> source = source();
    if (source.isEmpty() && recipe.freezes()) {
      throw new UsageMistake(
          "--freeze leaves layers as they are, so it goes with --from MODEL or --pretrained NAME, whose they are");
    }
    return source.map(ModelSource::first);
  }

  private Optional<ModelSource> source() {
    if (!tuning()) {
      return Optional.empty();
    }
    if (from != null && pretrained.given()) {
      throw new UsageMistake("--from and --pretrained are two models; one of them would be right");
    }
    for (ArgSpec given : spec.commandLine().getParseResult().matchedArgs()) {
      if (NOT_WITH_FROM.contains(name(given))) {
        throw new ParameterException(
            spec.commandLine(),
            "%s cannot be given with %s: the network is the model's"
                .formatted(name(given), from == null ? "--pretrained" : "--from"));
      }
    }
    return from == null ? pretrained.source() : Optional.of(new ModelSource.Folder(from));
  }

  /** Whether a model's weights are gone on from. */
  private boolean tuning() {
    return from != null || pretrained.given();
  }

  private NetworkName networkName(Optional<Model> model) {
    return model.map(of -> of.architecture().network()).orElseGet(network::name);
  }

  private static OptionalInt size(Optional<Model> model) {
    return model.isPresent()
        ? OptionalInt.of(model.get().architecture().input().height())
        : OptionalInt.empty();
  }

  private Architecture architecture(Optional<Model> model, Splits splits) {
    int classes = splits.train().classes().size();
    ImageShape input = splits.train().shape();
    return model.isPresent()
        ? model.get().architecture().with(classes, input)
        : network.architecture(classes, input);
  }

  /** The run folder, which can be written. */
  private Path free(Optional<Model> model) {
    Path folder = out == null ? newFolder(networkName(model)) : out;
    TrainingRun.requireFree(folder);
    return folder;
  }

  private static Path newFolder(NetworkName network) {
    String name =
        "%s-%s"
            .formatted(
                network.toString().replace('+', '-'),
                TIMESTAMP.format(LocalDateTime.now(ZoneId.systemDefault())));
    return Path.of("runs", name);
  }

  /** A run keeps its settings to its end: only what does not change its result may be given. */
  private TrainingRun resumed(Path folder, WorkProgress progress) {
    for (ArgSpec given : spec.commandLine().getParseResult().matchedArgs()) {
      String name = name(given);
      if (!WITH_RESUME.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "%s cannot be given with --resume: a run goes on with its own settings"
                .formatted(name));
      }
    }
    OptionalInt epochs = recipe.epochs();
    epochs.ifPresent(wanted -> UsageMistake.inRange("--epochs", wanted, 1, Recipe.MOST_EPOCHS));
    return TrainingRun.resume(
        folder, moved(), epochs, engine.device(), compute.threads(), progress);
  }

  /** Where the data of a run are now, if that is said. */
  private Optional<DataSpec> moved() {
    return resume != null && spec.commandLine().getParseResult().hasMatchedOption("--data")
        ? Optional.of(UsageMistake.unless(() -> DataSpec.parse(data)))
        : Optional.empty();
  }

  private static String name(ArgSpec given) {
    return given instanceof OptionSpec option ? option.longestName() : given.paramLabel();
  }

  private List<Warning> warnings(TrainingRun run) {
    try (WorkProgress progress = new WorkProgress(console)) {
      return run.warnings(progress);
    }
  }

  private void describe(TrainingRun run, List<Warning> warnings, PrintWriter log) {
    NetworkCost cost = NetworkCost.of(run.architecture());
    Recipe how = run.recipe();
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
        "%d epochs of %,d steps of %d images, learning rate %s %s, feature maps as %s, seed %d, %s%n",
        how.epochs(),
        run.batchesPerEpoch(),
        how.batchSize(),
        how.learningRate(),
        how.schedule(),
        how.precision(),
        how.seed(),
        spark.describe(compute.threads()));
    splits.leftAlone().forEach(some -> log.printf("left alone: %s%n", some));
    if (resume == null) {
      chosen(run).ifPresent(options -> log.printf("%s%n", options));
    }
    for (Warning warning : warnings) {
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
    List<String> options = new ArrayList<>();
    if (!recipe.saysEpochs()) {
      options.add("--epochs " + run.recipe().epochs());
    }
    if (!recipe.saysBatch()) {
      options.add("--batch " + run.recipe().batchSize());
    }
    if (dataOptions.spec(data).ofAnySize()) {
      options.add("--size " + run.architecture().input().height());
    }
    if (!tuning() && network.body().isEmpty()) {
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
              ? few.fact() + "; a larger --held-out keeps more of them"
              : few.fact();
      case Warning.NoneHeldOut none ->
          none.share().isPresent()
              ? "%s; --held-out %s keeps one of them"
                  .formatted(none.fact(), none.share().getAsDouble())
              : none.fact();
      case Warning.SmallPictures small ->
          "%s; --size %d or less fits them".formatted(small.fact(), small.fittingSize());
      case Warning.LearnedToo same ->
          same.duplicates().files() ? same.fact() + "; delete one of each two" : same.fact();
    };
  }

  private void conclude(
      TrainingRun run, List<Warning> warnings, TrainingRun.Outcome outcome, int skipped) {
    if (json.wanted()) {
      console.json(TrainDocument.of(run, warnings, outcome, skipped));
      return;
    }
    if (skipped > 0) {
      console.out().printf("%n%,d pictures could not be decoded and were left out.%n", skipped);
    }
    int done = outcome.last().epoch();
    if (done < run.recipe().epochs()) {
      console
          .out()
          .printf(
              "%nEnded after epoch %,d of %,d: %,d without a better test.%n",
              done, run.recipe().epochs(), run.recipe().patience());
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
    static TrainDocument of(
        TrainingRun run, List<Warning> warnings, TrainingRun.Outcome outcome, int skipped) {
      Architecture architecture = run.architecture();
      return new TrainDocument(
          run.folder().toString(),
          architecture.network().toString(),
          architecture.depth(),
          architecture.classes(),
          run.splits().spec(),
          run.recipe().epochs(),
          run.recipe().batchSize(),
          warnings.stream().map(TrainCommand::sentence).toList(),
          skipped,
          outcome.best(),
          outcome.last());
    }
  }
}
