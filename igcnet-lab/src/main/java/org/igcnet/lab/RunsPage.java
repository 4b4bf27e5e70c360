package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.igcnet.arch.Architecture;
import org.igcnet.lab.page.Curves;
import org.igcnet.lab.page.Page;
import org.igcnet.lab.page.Series;
import org.igcnet.theory.NetworkCost;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;

/** A page of some runs: a table of them, their curves, and a section for each. */
final class RunsPage {
  private final List<RecordedRun> runs;
  private final List<Series> series;

  private RunsPage(List<RecordedRun> runs) {
    this.runs = runs;
    this.series =
        IntStream.range(0, runs.size())
            .mapToObj(i -> new Series(i, runs.size(), name(runs.get(i))))
            .toList();
  }

  /** What the template {@code runs} names. */
  private record RunsView(
      String title,
      Renewal renewal,
      String measured,
      String measure,
      boolean several,
      List<NetworkSeries.Key> keys,
      List<SummaryRow> summary,
      List<Plot> curves,
      List<RunSection> runs) {}

  private record SummaryRow(
      String id,
      String sign,
      String name,
      String best,
      String last,
      String epochs,
      String network,
      String parameters,
      String multiplyAdds,
      String speed,
      String data) {}

  private record Plot(String title, String svg) {}

  /**
   * The page as bytes.
   *
   * @param sections one for each run
   */
  static byte[] of(List<RecordedRun> runs, List<RunSection> sections, Renewal renewal) {
    return Page.of("runs", new RunsPage(runs).view(sections, renewal));
  }

  /** What a run is called on the page. */
  static String name(RecordedRun run) {
    return run.folder().normalize().toString();
  }

  private RunsView view(List<RunSection> sections, Renewal renewal) {
    boolean begun = runs.stream().anyMatch(run -> !run.metrics().isEmpty());
    return new RunsView(
        runs.size() == 1 ? "Run " + name(runs.getFirst()) : "%d runs".formatted(runs.size()),
        renewal,
        measured().toLowerCase(Locale.ROOT),
        measured(),
        runs.size() > 1,
        series.stream().map(one -> new NetworkSeries.Key(one.name(), one.sign())).toList(),
        IntStream.range(0, runs.size()).mapToObj(i -> summary(i, sections.get(i).id())).toList(),
        begun ? List.of(accuracy(), loss()) : List.of(),
        sections);
  }

  /** What was measured after each epoch: on what chooses the best model it is validation. */
  private String measured() {
    long validated = runs.stream().filter(run -> run.description().validated()).count();
    return validated == 0 ? "Test" : validated == runs.size() ? "Validation" : "Test or validation";
  }

  private SummaryRow summary(int index, String id) {
    RecordedRun run = runs.get(index);
    Architecture architecture = run.description().architecture();
    NetworkCost cost = NetworkCost.of(architecture);
    List<EpochMetrics> metrics = run.metrics();
    boolean begun = !metrics.isEmpty();
    return new SummaryRow(
        id,
        series.get(index).sign(),
        name(run),
        begun
            ? "%.2f"
                .formatted(
                    metrics.stream().mapToDouble(EpochMetrics::testAccuracy).max().orElseThrow())
            : "–",
        begun ? "%.2f".formatted(metrics.getLast().testAccuracy()) : "–",
        "%d of %d".formatted(metrics.size(), run.description().recipe().epochs()),
        "%s, depth %d".formatted(architecture.network(), architecture.depth()),
        "%,d".formatted(cost.parameters()),
        "%,d".formatted(cost.multiplyAdds()),
        begun
            ? "%,.0f"
                .formatted(
                    Pace.median(metrics.stream().map(EpochMetrics::imagesPerSecond).toList()))
            : "–",
        run.description().data());
  }

  private Plot accuracy() {
    return plot(
        "Accuracy", Curves.Kind.PERCENT, EpochMetrics::testAccuracy, EpochMetrics::trainAccuracy);
  }

  private Plot loss() {
    return plot("Loss", Curves.Kind.LOSS, EpochMetrics::testLoss, EpochMetrics::trainLoss);
  }

  private Plot plot(
      String title,
      Curves.Kind kind,
      ToDoubleFunction<EpochMetrics> tested,
      ToDoubleFunction<EpochMetrics> learned) {
    List<Curves.Curve> curves = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      String of = runs.size() == 1 ? "" : name(runs.get(i)) + ", ";
      String measure = runs.get(i).description().validated() ? "validation" : "test";
      curves.add(curve(i, of + "training", true, learned));
      curves.add(curve(i, of + measure, false, tested));
    }
    return new Plot(title, new Curves(title + " over epochs", title, kind, curves).svg());
  }

  private Curves.Curve curve(
      int run, String name, boolean dashed, ToDoubleFunction<EpochMetrics> value) {
    return new Curves.Curve(
        series.get(run),
        name,
        dashed,
        runs.get(run).metrics().stream().mapToDouble(value).boxed().toList());
  }
}
