package org.igcnet.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.igcnet.bench.Contender.OfNetwork;
import org.igcnet.bench.Row.Gauge;
import org.igcnet.bench.Suite.Heat;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.files.DocumentFormat;

/**
 * What was measured; {@code --json} prints it as it stands.
 *
 * @param format names this format
 * @param version of the format
 * @param machine where
 * @param rows the table
 * @param contenders every contender's own figures
 * @param disturbance cores that waiting contenders used while another was measured, on average
 */
record Report(
    String format,
    int version,
    Machine machine,
    List<RowResult> rows,
    List<Speed> contenders,
    double disturbance) {
  static final DocumentFormat<Report> FORMAT =
      new DocumentFormat<>("igcnet-bench", Report.class, List.of());

  Report {
    rows = List.copyOf(rows);
    contenders = List.copyOf(contenders);
  }

  /**
   * Where it was measured.
   *
   * @param cores that the system gives to this process
   * @param lanes floats of a vector of our engine
   * @param limits by number of threads
   */
  record Machine(
      String system, String java, int cores, int lanes, Map<Integer, MachineLimits> limits) {
    Machine {
      limits = Collections.unmodifiableMap(new TreeMap<>(limits));
    }

    static Machine of(Map<Integer, MachineLimits> limits) {
      return new Machine(
          "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          Runtime.version().toString(),
          Runtime.getRuntime().availableProcessors(),
          Lanes.COUNT,
          limits);
    }

    @Override
    public String toString() {
      return "%s, Java %s, %d cores, vectors of %d floats".formatted(system, java, cores, lanes);
    }
  }

  /** What the machine can do with a number of threads. */
  record MachineLimits(double gigaMultiplyAddsPerSecond, double gigabytesPerSecond) {
    Roofline roofline() {
      return new Roofline(1e9 * gigaMultiplyAddsPerSecond, 1e9 * gigabytesPerSecond);
    }
  }

  /**
   * A row of the table.
   *
   * @param ours the figure of our contender
   * @param peer the best peer's
   * @param peerContender which one that is
   * @param ratio how many times as fast ours is
   * @param floor the least ratio wanted
   * @param unit of both figures
   * @param lowerQuartile of the ratios of single rounds
   * @param upperQuartile of the ratios of single rounds
   * @param older ours beside an older build's, where there is one
   */
  record RowResult(
      String id,
      String what,
      double ours,
      double peer,
      String peerContender,
      double ratio,
      double floor,
      boolean reached,
      String unit,
      double lowerQuartile,
      double upperQuartile,
      Optional<Beside> older) {

    static RowResult of(Row row, Measurement measurement) {
      OfNetwork best =
          row.peers().stream()
              .min(Comparator.comparingDouble(peer -> measurement.all(peer).median()))
              .orElseThrow();
      Beside beside = Beside.of(row, best, row.floor(), measurement);
      return new RowResult(
          row.id(),
          row.what(),
          row.figure().of(row.ours(), measurement.all(row.ours())),
          beside.figure,
          best.toString(),
          beside.ratio,
          row.floor(),
          beside.reached,
          row.figure().unit(),
          beside.lowerQuartile,
          beside.upperQuartile,
          Optional.ofNullable(row.older())
              .map(older -> Beside.of(row, older, Row.OLDER_FLOOR, measurement)));
    }

    /** Ours beside the best peer's. */
    Beside besidePeer() {
      return new Beside(peer, ratio, floor, reached, lowerQuartile, upperQuartile);
    }
  }

  /**
   * Our figure of a row beside another's.
   *
   * @param figure the other's
   * @param ratio how many times as fast ours is
   * @param floor the least ratio wanted
   * @param lowerQuartile of the ratios of single rounds
   * @param upperQuartile of the ratios of single rounds
   */
  record Beside(
      double figure,
      double ratio,
      double floor,
      boolean reached,
      double lowerQuartile,
      double upperQuartile) {

    static Beside of(Row row, OfNetwork other, double floor, Measurement measurement) {
      Gauge kind = row.figure();
      double figure = kind.of(other, measurement.all(other));
      double ratio = row.ratio(kind.of(row.ours(), measurement.all(row.ours())), figure);
      double[] ratios = ratios(row, other, measurement);
      return new Beside(
          figure,
          ratio,
          floor,
          ratio >= floor,
          Quantiles.of(ratios, 0.25),
          Quantiles.of(ratios, 0.75));
    }

    private static double[] ratios(Row row, OfNetwork other, Measurement measurement) {
      List<Samples> ours = measurement.turns().getOrDefault(row.ours(), List.of());
      List<Samples> others = measurement.turns().getOrDefault(other, List.of());
      Gauge figure = row.figure();
      return IntStream.range(0, ours.size())
          .mapToDouble(
              turn ->
                  row.ratio(
                      figure.of(row.ours(), ours.get(turn)), figure.of(other, others.get(turn))))
          .toArray();
    }
  }

  /**
   * A contender's speed.
   *
   * @param imagesPerSecond from the median step
   * @param lowerQuartile of images a second over steps
   * @param upperQuartile of images a second over steps
   * @param shareOfPeak multiply-adds a second, of what the machine can do on registers
   * @param shareOfRoofline the least time that arithmetic and memory allow, of the median step's
   */
  record Speed(
      String contender,
      int steps,
      double imagesPerSecond,
      double lowerQuartile,
      double upperQuartile,
      double gigaMultiplyAddsPerSecond,
      double shareOfPeak,
      double shareOfRoofline) {

    static Speed of(OfNetwork contender, Samples samples, MachineLimits limits) {
      double seconds = samples.median();
      double rate = Roofline.work(contender) / seconds;
      Roofline roofline = limits.roofline();
      return new Speed(
          contender.toString(),
          samples.count(),
          contender.images() / seconds,
          contender.images() / samples.quantile(0.75),
          contender.images() / samples.quantile(0.25),
          rate / 1e9,
          rate / roofline.multiplyAdds(),
          roofline.seconds(contender) / seconds);
    }
  }

  /** Puts the heats' measurements together. */
  static Report of(Map<Heat, Measurement> heats) {
    Map<Integer, MachineLimits> limits = limits(heats);
    List<RowResult> lines = new ArrayList<>();
    List<Speed> speeds = new ArrayList<>();
    double disturbance = 0;
    for (Map.Entry<Heat, Measurement> entry : heats.entrySet()) {
      Measurement measurement = entry.getValue();
      entry.getKey().rows().forEach(row -> lines.add(RowResult.of(row, measurement)));
      measurement
          .turns()
          .forEach(
              (contender, turns) -> {
                if (contender instanceof OfNetwork network) {
                  MachineLimits own = Objects.requireNonNull(limits.get(contender.threads()));
                  speeds.add(Speed.of(network, Samples.joined(turns), own));
                }
              });
      disturbance = Math.max(disturbance, measurement.disturbance());
    }
    return new Report(
        FORMAT.name(), FORMAT.version(), Machine.of(limits), lines, speeds, disturbance);
  }

  /** From all heats, by number of threads. */
  private static Map<Integer, MachineLimits> limits(Map<Heat, Measurement> heats) {
    Map<Integer, MachineLimits> limits = new TreeMap<>();
    heats.keySet().stream()
        .flatMap(heat -> heat.contenders().stream())
        .map(Contender::threads)
        .forEach(
            threads ->
                limits.computeIfAbsent(
                    threads,
                    n ->
                        new MachineLimits(
                            gigaPerSecond(new Contender.Peak(n), heats.values()),
                            gigaPerSecond(new Contender.Bandwidth(n), heats.values()))));
    return limits;
  }

  private static double gigaPerSecond(Contender limit, Collection<Measurement> measurements) {
    List<Samples> turns =
        measurements.stream()
            .flatMap(measurement -> measurement.turns().getOrDefault(limit, List.of()).stream())
            .toList();
    return limit.work() / Samples.joined(turns).median() / 1e9;
  }

  /** For people. */
  String table() {
    StringBuilder text = new StringBuilder();
    text.append(heading("", "peer"));
    rows.forEach(row -> text.append(line(row.what, row, row.besidePeer())));
    if (rows.stream().anyMatch(row -> row.older.isPresent())) {
      text.append("%n".formatted())
          .append(heading("beside the older build, by the rows' names", "older"));
      rows.forEach(row -> row.older.ifPresent(older -> text.append(line(row.id, row, older))));
    }
    text.append(
        "%n%-69s %10s %15s %14s %6s %9s%n"
            .formatted(
                "multiply-adds: G/s, of the peak, of the roofline",
                "images/s",
                "quartiles",
                "multiply-adds",
                "peak",
                "roofline"));
    for (Speed speed : contenders) {
      text.append(
          "%-69s %10s %15s %10.1f G/s %5.1f%% %8.1f%%%n"
              .formatted(
                  speed.contender,
                  number(speed.imagesPerSecond),
                  number(speed.lowerQuartile) + " to " + number(speed.upperQuartile),
                  speed.gigaMultiplyAddsPerSecond,
                  100 * speed.shareOfPeak,
                  100 * speed.shareOfRoofline));
    }
    text.append("%n".formatted());
    machine.limits.forEach(
        (threads, limits) ->
            text.append(
                "%d thread%s: at most %.1f G multiply-adds/s, %.1f GB/s read and written%n"
                    .formatted(
                        threads,
                        threads == 1 ? "" : "s",
                        limits.gigaMultiplyAddsPerSecond,
                        limits.gigabytesPerSecond)));
    text.append("%s; waiting contenders used %.2f cores%n".formatted(machine, disturbance));
    return text.toString();
  }

  private static String heading(String what, String other) {
    return "%-69s %10s %10s %-9s %7s %13s %6s%n"
        .formatted(what, "ours", other, "", "ratio", "quartiles", "floor");
  }

  private static String line(String title, RowResult line, Beside beside) {
    return "%-69s %10s %10s %-9s %6.2f× %13s %5.2f× %s%n"
        .formatted(
            title,
            number(line.ours),
            number(beside.figure),
            line.unit,
            beside.ratio,
            "%.2f to %.2f".formatted(beside.lowerQuartile, beside.upperQuartile),
            beside.floor,
            beside.reached ? "" : "below");
  }

  /** Three digits that count, at least. */
  private static String number(double value) {
    return value >= 100
        ? "%.0f".formatted(value)
        : value >= 10 ? "%.1f".formatted(value) : "%.2f".formatted(value);
  }
}
