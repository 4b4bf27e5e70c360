package org.igcnet.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.igcnet.UserError;
import org.igcnet.bench.Suite.Heat;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code igcnet bench}: our engine beside libtorch and ONNX Runtime, here and now.
 *
 * <p>Exit codes: 0 done, whatever the figures are; 1 it could not be done; 2 the command line makes
 * no sense.
 */
@Command(
    name = "igcnet bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure training and inference beside libtorch and ONNX Runtime on this machine. Contenders take turns, each in a process of its own.",
    footer = {
      "",
      "Examples:",
      "  igcnet bench --quick",
      "  igcnet bench --sweep --quick --only train-flat"
    })
final class Bench implements Runnable {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of every contender (default: one for each core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--quick", description = "Take less than three minutes, with wider spreads.")
  private boolean quick;

  @Option(
      names = "--sweep",
      description =
          "Measure every network of the paper beside IGC-L24M2 instead, both ours: none should use less than half that one's share of the machine.")
  private boolean sweep;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      description = "Only rows whose name in --json contains this, for example train-igc.")
  private String only = "";

  @Option(names = "--json", description = "Print one JSON document and nothing else.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private Bench() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            arguments));
  }

  /** Runs the command. Returns its exit code. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    return new CommandLine(new Bench())
        .setOut(out)
        .setErr(err)
        .setUsageHelpWidth(100)
        .setParameterExceptionHandler(
            (wrong, _) -> {
              err.println("igcnet: " + wrong.getMessage());
              err.println("Try 'igcnet bench --help'.");
              return ExitCode.USAGE;
            })
        .setExecutionExceptionHandler(
            (exception, _, _) -> {
              if (!(exception instanceof UserError)) {
                throw exception;
              }
              err.println("igcnet: " + exception.getMessage());
              return ExitCode.SOFTWARE;
            })
        .execute(arguments);
  }

  @Override
  public void run() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new ParameterException(
          spec.commandLine(),
          "--threads is %d; it must be from 1 to %d".formatted(threads, MOST_THREADS));
    }
    Map<Heat, Measurement> measured = new LinkedHashMap<>();
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    for (Heat heat : heats()) {
      measured.put(heat, Measurement.of(heat.contenders(), effort, this::progress));
    }
    Report report = Report.of(measured);
    PrintWriter out = spec.commandLine().getOut();
    out.println(json ? document(report) : report.table());
  }

  private List<Heat> heats() {
    List<Heat> all = sweep ? Sweep.heats(threads) : Suite.heats(threads);
    List<Heat> heats =
        all.stream()
            .map(heat -> new Heat(heat.rows().stream().filter(r -> r.id().contains(only)).toList()))
            .filter(heat -> !heat.rows().isEmpty())
            .toList();
    if (heats.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "no row's name contains \"%s\"; there are %s"
              .formatted(
                  only,
                  String.join(
                      ", ",
                      all.stream().flatMap(heat -> heat.rows().stream()).map(Row::id).toList())));
    }
    return heats;
  }

  private void progress(String what) {
    spec.commandLine().getErr().println(what);
  }

  private static String document(Report report) {
    return JsonMapper.builder()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build()
        .writeValueAsString(report);
  }
}
