package org.igcnet.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.igcnet.bench.Suite.Heat;
import org.igcnet.cli.Console;
import org.igcnet.cli.Igcnet;
import org.igcnet.cli.UsageMistake;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code igcnet bench}: our engine beside libtorch and ONNX Runtime, here and now. It is done
 * whatever the figures are.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measure training and inference beside libtorch and ONNX Runtime on this machine. Contenders take turns, each in a process of its own.",
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} bench --quick",
      "  ${ROOT-COMMAND-NAME} bench --sweep --quick --only train-flat",
      "  ${ROOT-COMMAND-NAME} bench --against ../older/igcnet-bench/target/igcnet-bench.jar",
      "  ${ROOT-COMMAND-NAME} bench --json > now.json",
      "  ${ROOT-COMMAND-NAME} bench --compare before.json now.json"
    })
final class Bench implements Runnable {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of every contender (default: one for each core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--quick", description = "Take some four minutes, with wider spreads.")
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

  @Option(
      names = "--against",
      paramLabel = "JAR",
      description =
          "Measure ours beside an older build's too, which igcnet-bench.jar JAR holds; 0.97 of its speed is wanted in each row.")
  private @Nullable Path against;

  @Option(
      names = "--compare",
      arity = "2",
      paramLabel = "JSON",
      description =
          "Measure nothing: show what became of each row between two files that --json wrote, the earlier one first.")
  private List<Path> compared = List.of();

  @Option(names = "--json", description = "Print one JSON document and nothing else.")
  private boolean json;

  private final Console console;

  Bench(Console console) {
    this.console = console;
  }

  /** Runs the program with this command too, and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Igcnet.main(console -> List.of(new Bench(console)), arguments);
  }

  @Override
  public void run() {
    UsageMistake.inRange("--threads", threads, 1, MOST_THREADS);
    if (compared.isEmpty()) {
      show(measured(), Report::table);
    } else {
      show(changes(), Changes::table);
    }
  }

  private <T> void show(T document, Function<T, String> table) {
    if (json) {
      console.json(document);
    } else {
      console.out().println(table.apply(document));
    }
  }

  private Changes changes() {
    if (compared.size() != 2) {
      throw new UsageMistake("--compare takes two files, not %d".formatted(compared.size()));
    }
    if (!only.isEmpty() || sweep || quick || against != null) {
      throw new UsageMistake(
          "--compare measures nothing, so --only, --sweep, --quick and --against are not for it");
    }
    return Changes.between(
        Report.FORMAT.read(compared.getFirst()), Report.FORMAT.read(compared.getLast()));
  }

  private Report measured() {
    Map<Heat, Measurement> measured = new LinkedHashMap<>();
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    for (Heat heat : withOlder(heats())) {
      measured.put(heat, Measurement.of(heat.contenders(), effort, console.err()::println));
    }
    return Report.of(measured);
  }

  private List<Heat> heats() {
    List<Heat> all = sweep ? Sweep.heats(threads) : Suite.heats(threads);
    List<Heat> heats =
        all.stream()
            .map(heat -> new Heat(heat.rows().stream().filter(r -> r.id().contains(only)).toList()))
            .filter(heat -> !heat.rows().isEmpty())
            .toList();
    if (heats.isEmpty()) {
      throw new UsageMistake(
          "no row's name contains \"%s\"; there are %s"
              .formatted(
                  only,
                  String.join(
                      ", ",
                      all.stream().flatMap(heat -> heat.rows().stream()).map(Row::id).toList())));
    }
    return heats;
  }

  private List<Heat> withOlder(List<Heat> heats) {
    if (against == null) {
      return heats;
    }
    OlderBuild build = OlderBuild.of(against);
    return heats.stream()
        .map(heat -> new Heat(heat.rows().stream().map(row -> row.against(build)).toList()))
        .toList();
  }
}
