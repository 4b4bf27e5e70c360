package org.igcnet.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.igcnet.lab.page.Curves;
import org.igcnet.train.EpochMetrics;

/** How each training went, epoch by epoch. */
record ResultCurves(List<Attempt> attempts, NetworkSeries series) {
  /**
   * The same trainings by several measures.
   *
   * @param measured what images of the solid lines are for
   */
  record CurveSet(String id, String title, String measured, List<CurveTab> tabs) {}

  /** One of the measures. */
  record CurveTab(String id, String set, String name, boolean first, String svg) {}

  /** A set for the trainings of each data set, depth and group. */
  List<CurveSet> curves() {
    Map<String, List<Attempt>> sets = new LinkedHashMap<>();
    for (Attempt attempt : attempts) {
      if (!attempt.metrics().isEmpty()) {
        Cell cell = attempt.trial().cell();
        String title =
            "%s, depth %d%s"
                .formatted(
                    cell.data().title(),
                    cell.depth(),
                    cell.group().isEmpty() ? "" : ", " + cell.group());
        sets.computeIfAbsent(title, _ -> new ArrayList<>()).add(attempt);
      }
    }
    List<CurveSet> curves = new ArrayList<>();
    sets.forEach((title, set) -> curves.add(curveSet("c" + curves.size(), title, set)));
    return curves;
  }

  private CurveSet curveSet(String id, String title, List<Attempt> set) {
    String measured = set.getFirst().trial().splits().measure();
    Curves accuracy =
        new Curves(
            title + ": accuracy over epochs",
            "Accuracy",
            Curves.Kind.PERCENT,
            curves(set, measured, EpochMetrics::testAccuracy, EpochMetrics::trainAccuracy));
    Curves loss =
        new Curves(
            title + ": loss over epochs",
            "Loss",
            Curves.Kind.LOSS,
            curves(set, measured, EpochMetrics::testLoss, EpochMetrics::trainLoss));
    return new CurveSet(
        id,
        title,
        measured,
        List.of(
            new CurveTab(id + "-accuracy", id, "Accuracy", true, accuracy.svg()),
            new CurveTab(id + "-loss", id, "Loss", false, loss.svg())));
  }

  private List<Curves.Curve> curves(
      List<Attempt> set,
      String measured,
      ToDoubleFunction<EpochMetrics> tested,
      ToDoubleFunction<EpochMetrics> learned) {
    return set.stream()
        .flatMap(
            attempt ->
                Stream.of(
                    curve(attempt, "training", true, learned),
                    curve(attempt, measured, false, tested)))
        .toList();
  }

  private Curves.Curve curve(
      Attempt attempt, String images, boolean dashed, ToDoubleFunction<EpochMetrics> value) {
    String network = attempt.trial().cell().network();
    return new Curves.Curve(
        series.of(network),
        "%s, seed %d, %s".formatted(network, attempt.trial().seed(), images),
        dashed,
        attempt.metrics().stream().mapToDouble(value).boxed().toList());
  }
}
