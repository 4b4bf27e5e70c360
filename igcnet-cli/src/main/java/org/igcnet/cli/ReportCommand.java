package org.igcnet.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.data.LeftAlone;
import org.igcnet.lab.ClassTables;
import org.igcnet.lab.ReportListener;
import org.igcnet.lab.Reproduction;
import org.igcnet.lab.RunsReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet report}: a page of some runs. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Write a page of some runs that opens with no network: training curves, and of each run's best",
      "model what it confuses, its worst mistakes, sizes and times of its layers, and its kernels.",
      "Beside it, for programs: REPORT-classes.csv with each class's accuracy and precision, and",
      "REPORT-confusion.csv with what each class is taken for.",
      "With --watch the page follows a training in its curves, and is completed at its end."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} report runs/a",
      "  ${ROOT-COMMAND-NAME} report runs/a --watch   (beside the training)",
      "  ${ROOT-COMMAND-NAME} report runs/a runs/b --out both.html --data cifar10:DIR"
    })
final class ReportCommand implements Callable<Integer>, Remedy.Smaller {
  private static final long MILLISECONDS_BETWEEN_LOOKS = 1_000;

  @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run folder of igcnet train.")
  private List<Path> runs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page (default: report.html in the first run's folder).")
  private @Nullable Path out;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Data to test with, or where those of the runs are now, for example cifar10:DIR (default: where each run had them).")
  private @Nullable String data;

  @Option(
      names = "--watch",
      description =
          "Write the page of the curves after each epoch for as long as a run is being trained; an open page loads itself again. Ctrl-C ends it.")
  private boolean watch;

  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Optional<String> smaller() {
    return Optional.of("fewer --threads");
  }

  @Override
  public Integer call() {
    Optional<DataSpec> tested =
        Optional.ofNullable(data).map(text -> UsageMistake.unless(() -> DataSpec.parse(text)));
    Compute on = Compute.threads(compute.threads());
    Path file = out != null ? out : runs.getFirst().resolve(Reproduction.REPORT);
    RunsReport report = new RunsReport(runs, file, run -> TrainLine.of(run).repeat());
    if (watch) {
      int stopped = watch(report, file);
      if (stopped != ExitCode.OK) {
        return stopped;
      }
    }
    conclude(write(report, tested, on), file);
    return ExitCode.OK;
  }

  /** Follows the trainings to their end, and returns what to exit with where a signal came. */
  private int watch(RunsReport report, Path file) {
    CountDownLatch asked = new CountDownLatch(1);
    try (StopSignals signals = StopSignals.asking(asked::countDown)) {
      console.say("watching; the page is %s".formatted(file));
      report.watch(() -> !isAsked(asked));
      return signals.exitCode();
    }
  }

  /** Waits until it is time for the next look. */
  private static boolean isAsked(CountDownLatch asked) {
    try {
      return asked.await(MILLISECONDS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void conclude(List<RunsReport.Found> found, Path file) {
    Optional<ClassTables> tables = ClassTables.beside(file);
    if (json.wanted()) {
      console.json(ReportDocument.of(file, tables, found));
      return;
    }
    for (RunsReport.Found run : found) {
      console
          .out()
          .printf(
              "%s: %s, depth %d, %.2f%% of %,d %s%n",
              run.folder(), run.network(), run.depth(), run.accuracy(), run.images(), run.kind());
    }
    console.out().printf("The report is %s.%n", file);
    tables.ifPresent(
        two -> console.out().printf("Its tables are %s and %s.%n", two.classes(), two.confusion()));
  }

  private List<RunsReport.Found> write(RunsReport report, Optional<DataSpec> tested, Compute on) {
    try (ReportProgress progress = new ReportProgress(console)) {
      return report.write(tested, on, progress);
    }
  }

  /** Shows how far it is, and says what has no part in it. */
  private record ReportProgress(Console console, WorkProgress work)
      implements ReportListener, AutoCloseable {
    ReportProgress(Console console) {
      this(console, new WorkProgress(console));
    }

    @Override
    public void progress(String what, long done, long all, String unit) {
      work.progress(what, done, all, unit);
    }

    @Override
    public void leftAlone(LeftAlone some) {
      say("left alone: " + some);
    }

    @Override
    public void skipped(String sentence) {
      say("left out: " + sentence);
    }

    private void say(String sentence) {
      work.close();
      console.say(sentence);
    }

    @Override
    public void close() {
      work.close();
    }
  }

  /**
   * What {@code --json} prints; accuracies are in percent.
   *
   * @param classes null where no tables stand beside the page
   * @param confusion null as well
   */
  private record ReportDocument(
      String report,
      @Nullable String classes,
      @Nullable String confusion,
      List<RunsReport.Found> runs) {
    static ReportDocument of(
        Path report, Optional<ClassTables> tables, List<RunsReport.Found> runs) {
      return new ReportDocument(
          report.toString(),
          tables.map(two -> two.classes().toString()).orElse(null),
          tables.map(two -> two.confusion().toString()).orElse(null),
          runs);
    }
  }
}
