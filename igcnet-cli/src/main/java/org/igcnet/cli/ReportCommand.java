package org.igcnet.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.data.LeftAlone;
import org.igcnet.lab.ClassTables;
import org.igcnet.lab.ReportListener;
import org.igcnet.lab.Reproduction;
import org.igcnet.lab.RunsReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
      "REPORT-confusion.csv with what each class is taken for."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} report runs/a",
      "  ${ROOT-COMMAND-NAME} report runs/a runs/b --out both.html --data cifar10:DIR"
    })
final class ReportCommand implements Runnable, Remedy.Smaller {
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
  public void run() {
    Path file = out != null ? out : runs.getFirst().resolve(Reproduction.REPORT);
    List<RunsReport.Found> found = write(file);
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

  private List<RunsReport.Found> write(Path file) {
    try (ReportProgress progress = new ReportProgress(console)) {
      return RunsReport.write(
          runs, Optional.ofNullable(data), file, Compute.threads(compute.threads()), progress);
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
