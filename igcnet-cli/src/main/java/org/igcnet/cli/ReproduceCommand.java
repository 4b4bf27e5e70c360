package org.igcnet.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Precision;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Splits;
import org.igcnet.lab.Experiment;
import org.igcnet.lab.Reproduction;
import org.igcnet.lab.ReproductionListener.Overall;
import org.igcnet.lab.Results;
import org.igcnet.lab.Results.Figure;
import org.igcnet.lab.Results.Outcome;
import org.igcnet.lab.Scope;
import org.igcnet.lab.Spread;
import org.igcnet.lab.Workplace;
import org.igcnet.train.TrainingCluster;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet reproduce}: a table or figure of the paper, ours beside the printed figures. */
@Command(
    name = "reproduce",
    mixinStandardHelpOptions = true,
    description = {
      "Train what a table or figure of the paper tells of, and set ours beside the printed figures.",
      "Runs that are finished are kept, and one that was stopped, even killed, goes on: give the",
      "same command again. The out folder holds report.html and results.json at any moment.",
      "A run folder of igcnet train below OUT/runs counts too, where it was made with the same",
      "network, data and recipe (--recipe paper)."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} reproduce table4 --data cifar10:DIR --depths 8 --epochs 10 --seeds 2",
      "  ${ROOT-COMMAND-NAME} reproduce figure3 --data cifar100:DIR --epochs 10 --budget 2h",
      "  ${ROOT-COMMAND-NAME} reproduce table4 --data cifar10:DIR --data cifar100:DIR --budget 0s   (report only)",
      "  ${ROOT-COMMAND-NAME} reproduce table6 --data shards:DIR --networks IGC-L100M2+Ident --bn-images 32",
      "  ${ROOT-COMMAND-NAME} reproduce table4 --data cifar10:DIR --spark spark://HOST:7077 --workers 50",
      "  ${ROOT-COMMAND-NAME} reproduce my-question.json --data shapes --epochs 2"
    })
final class ReproduceCommand implements Callable<Integer>, Remedy.Smaller {
  private static final Duration NO_END = Duration.ofDays(36_500);

  @Parameters(
      paramLabel = "EXPERIMENT",
      description =
          "table4, table5, table6, table7, figure3, or a file like theirs (docs/experiments.md).")
  private String experiment = "";

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description = "A data set of the experiment, for example cifar10:DIR; may be given again.")
  private List<String> data = List.of();

  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images in each run (default: the paper's).")
  private @Nullable Integer epochs;

  @Option(
      names = "--seeds",
      paramLabel = "K",
      defaultValue = "1",
      description = "Runs of each network, with the seeds 1 to K (default: ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(
      names = "--depths",
      paramLabel = "D",
      split = ",",
      description = "Only networks of these depths (default: all of the experiment's).")
  private List<Integer> depths = List.of();

  @Option(
      names = "--networks",
      paramLabel = "NETWORK",
      split = ",",
      description = "Only these networks (default: all of the experiment's).")
  private List<String> networks = List.of();

  @Option(
      names = "--bn-images",
      paramLabel = "N",
      description =
          "Images that share batch normalisation's statistics, 32 as on the paper's two GPUs (default: those of a step).")
  private @Nullable Integer normImages;

  @Option(
      names = "--precision",
      paramLabel = "KIND",
      description =
          "How feature maps are kept: float32, as the paper's, or bf16, which takes half the memory and less time (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      description = "Stop after this time, for example 90m or 1h30m (default: at the end).")
  private @Nullable String budget;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder of the results (default: runs/EXPERIMENT).")
  private @Nullable Path out;

  @Mixin private final SparkOptions spark = new SparkOptions();
  @Mixin private final EngineOptions engine = new EngineOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  ReproduceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Optional<String> smaller() {
    return Optional.of("fewer --threads");
  }

  @Override
  public Integer call() {
    PrintWriter log = json.wanted() ? new PrintWriter(Writer.nullWriter()) : console.out();
    Duration time = time();
    Compute on = engine.compute(compute.threads());
    Experiment wanted = UsageMistake.unlessUnknown(() -> Experiment.named(experiment));
    Scope scope =
        UsageMistake.unless(
            () ->
                new Scope(
                    Optional.ofNullable(epochs),
                    seeds,
                    depths,
                    networks,
                    Optional.ofNullable(normImages),
                    precision));
    Path folder = out == null ? Path.of("runs", wanted.name()) : out;
    List<DataSpec> specs = data.stream().map(dataOptions::spec).toList();
    UsageMistake.unless(() -> Reproduction.requirePossible(wanted, scope, specs, on));
    Reproduction.requireFree(wanted, folder);
    spark.requireOwn(on);
    try (TrainingCluster cluster = spark.sideBySide();
        Reproduction reproduction =
            open(wanted, scope, specs, folder, workplace(cluster, on), again(specs, on));
        StopSignals signals = StopSignals.asking(reproduction::stop)) {
      describe(reproduction, folder, log);
      Results results;
      try (ReproductionProgress progress = new ReproductionProgress(console, log)) {
        results = reproduction.run(progress, time);
      }
      if (json.wanted()) {
        console.json(results);
      } else {
        conclude(results, reproduction.overall(), folder);
      }
      return signals.exitCode();
    }
  }

  private Reproduction open(
      Experiment wanted,
      Scope scope,
      List<DataSpec> specs,
      Path folder,
      Workplace where,
      String again) {
    try (WorkProgress progress = new WorkProgress(console)) {
      List<Splits> splits = specs.stream().map(spec -> Splits.open(spec, progress)).toList();
      return Reproduction.open(wanted, scope, splits, folder, where, again);
    }
  }

  private Workplace workplace(@Nullable TrainingCluster cluster, Compute on) {
    return cluster == null
        ? Workplace.here(on)
        : Workplace.on(cluster, spark.workers(), spark.store(), on);
  }

  /** What gives the same figures: all but where they go, what trains, and how long it may take. */
  private String again(List<DataSpec> specs, Compute on) {
    List<Object> words = new ArrayList<>(List.of("reproduce", experiment));
    specs.forEach(spec -> words.addAll(List.of("--data", spec)));
    if (epochs != null) {
      words.addAll(List.of("--epochs", epochs));
    }
    words.addAll(List.of("--seeds", seeds));
    if (!depths.isEmpty()) {
      words.addAll(
          List.of(
              "--depths", depths.stream().map(String::valueOf).collect(Collectors.joining(","))));
    }
    if (!networks.isEmpty()) {
      words.addAll(List.of("--networks", String.join(",", networks)));
    }
    if (normImages != null) {
      words.addAll(List.of("--bn-images", normImages));
    }
    if (precision != Precision.FLOAT32) {
      words.addAll(List.of("--precision", precision));
    }
    words.addAll(List.of("--engine", on.engine().name()));
    return Hint.command(words.toArray());
  }

  private Duration time() {
    if (budget == null) {
      return NO_END;
    }
    try {
      Duration time = Duration.parse("PT" + budget.toUpperCase(Locale.ROOT));
      if (!time.isNegative() && time.compareTo(NO_END) < 0) {
        return time;
      }
    } catch (DateTimeParseException _) {
      throw wrongBudget(budget);
    }
    throw wrongBudget(budget);
  }

  private static UsageMistake wrongBudget(String text) {
    return new UsageMistake(
        "\"%s\" is no time for --budget; 2h, 90m, 45s and 1h30m are".formatted(text));
  }

  private void describe(Reproduction reproduction, Path folder, PrintWriter log) {
    Results results = reproduction.results();
    Overall overall = reproduction.overall();
    reproduction.warning().ifPresent(console::say);
    log.printf("%s%n", results.title());
    for (Results.Trained trained : results.data()) {
      if (trained.ours().isPresent()) {
        log.printf(
            "%s: %s%n",
            trained.title(),
            trained.differences().isEmpty()
                ? "the paper's recipe"
                : String.join("; ", trained.differences()));
      }
    }
    log.printf(
        "%d runs, %d finished, %s; results in %s%n%n",
        overall.runs(), overall.finished(), Clock.left(overall.secondsLeft()), folder);
    log.flush();
  }

  private void conclude(Results results, Overall overall, Path folder) {
    console.out().println();
    console.out().println(table(results));
    console.out().println();
    if (overall.finished() < overall.runs()) {
      console
          .out()
          .printf(
              "%d of %d runs are not finished, %s; the same command goes on.%n",
              overall.runs() - overall.finished(),
              overall.runs(),
              Clock.left(overall.secondsLeft()));
    }
    console.out().printf("The report is %s.%n", folder.resolve(Reproduction.REPORT));
  }

  private static Table table(Results results) {
    Table table =
        new Table(
            Table.Column.text("data"),
            Table.Column.number("D"),
            Table.Column.text("network"),
            Table.Column.text("measure"),
            Table.Column.number("ours"),
            Table.Column.number("n"),
            Table.Column.number("paper"),
            Table.Column.number("difference"));
    for (Outcome outcome : results.cells()) {
      for (Figure figure : outcome.figures()) {
        table.row(row(outcome, figure, results.measured(outcome.data())).toArray(String[]::new));
      }
    }
    return table;
  }

  private static List<String> row(Outcome outcome, Figure figure, String measured) {
    List<String> cells = new ArrayList<>();
    cells.add(outcome.data());
    cells.add(String.valueOf(outcome.depth()));
    cells.add(outcome.network());
    cells.add(figure.measure().words(measured));
    cells.add(figure.ours().map(Spread::toString).orElse("–"));
    cells.add(figure.ours().map(spread -> String.valueOf(spread.n())).orElse("–"));
    cells.add(figure.paper().map(Object::toString).orElse("–"));
    cells.add(figure.difference().map("%+.2f"::formatted).orElse("–"));
    return cells;
  }
}
