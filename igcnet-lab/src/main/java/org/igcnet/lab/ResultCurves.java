package org.igcnet.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.igcnet.lab.page.Curves;
import org.igcnet.train.EpochMetrics;

/** How each training went, epoch by epoch. */
record ResultCurves(List<Attempt> attempts, NetworkSeries series) {
  /** The same trainings by several measures. */
  record CurveSet(String id, String title, List<CurveTab> tabs) {}

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
    String measured = set.getFirst().trial().splits().validated() ? "Validation" : "Test";
    return new CurveSet(
        id,
        title,
        List.of(
            tab(id, title, set, measured + " accuracy", "%", true, EpochMetrics::testAccuracy),
            tab(id, title, set, "Training accuracy", "%", false, EpochMetrics::trainAccuracy),
            tab(id, title, set, measured + " loss", "", false, EpochMetrics::testLoss),
            tab(id, title, set, "Training loss", "", false, EpochMetrics::trainLoss)));
  }

  private CurveTab tab(
      String id,
      String title,
      List<Attempt> set,
      String name,
      String unit,
      boolean first,
      Function<EpochMetrics, Double> value) {
    List<Curves.Curve> curves =
        set.stream()
            .map(
                attempt ->
                    new Curves.Curve(
                        series.of(attempt.trial().cell().network()),
                        "%s, seed %d"
                            .formatted(attempt.trial().cell().network(), attempt.trial().seed()),
                        attempt.metrics().stream().map(value).toList()))
            .toList();
    String label = unit.isEmpty() ? name : name + ", " + unit;
    return new CurveTab(
        id + "-" + name.replace(' ', '-').toLowerCase(Locale.ROOT),
        id,
        name,
        first,
        new Curves("%s: %s over epochs".formatted(title, name), label, unit, curves).svg());
  }
}
