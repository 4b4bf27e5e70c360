package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.igcnet.arch.Family;
import org.igcnet.arch.NetworkName;
import org.igcnet.lab.Results.Figure;
import org.igcnet.lab.Results.Outcome;
import org.igcnet.lab.page.Axis;
import org.igcnet.lab.page.Points;
import org.igcnet.lab.page.Points.Join;
import org.igcnet.lab.page.Points.Point;

/** What is measured last of each network, against partitions, the paper's, sizes and speed. */
record ResultPlots(Experiment experiment, Results results, NetworkSeries series) {
  /** One of them. */
  record Plot(String title, String svg) {}

  /** Those of all data sets. */
  List<Plot> plots() {
    return experiment.data().stream().flatMap(data -> plots(data).stream()).toList();
  }

  private List<Plot> plots(Experiment.Data data) {
    List<Outcome> cells = results.of(data);
    List<Plot> plots = new ArrayList<>();
    for (Experiment.Group group : experiment.networks()) {
      if (!group.title().isEmpty()) {
        againstPartitions(data, group, cells).ifPresent(plots::add);
      }
    }
    againstPaper(data, cells).ifPresent(plots::add);
    against(data, cells, "parameters", cell -> Optional.of((double) cell.parameters()))
        .ifPresent(plots::add);
    against(
            data,
            cells,
            "multiply-adds an image",
            cell -> Optional.of((double) cell.multiplyAdds()))
        .ifPresent(plots::add);
    against(data, cells, "training images a second, measured", Outcome::imagesPerSecond)
        .ifPresent(plots::add);
    return plots;
  }

  private Measure measure() {
    return experiment.measures().getFirst();
  }

  private String words(Experiment.Data data) {
    return measure().words(results.measured(data.kind()));
  }

  private Optional<Plot> against(
      Experiment.Data data,
      List<Outcome> cells,
      String what,
      Function<Outcome, Optional<Double>> value) {
    List<Point> points = new ArrayList<>();
    for (Outcome cell : cells) {
      Optional<Spread> ours = cell.figures().getFirst().ours();
      Optional<Double> x = value.apply(cell);
      if (ours.isPresent() && x.isPresent()) {
        points.add(
            ours(cell, x.get(), ours.get(), "%s; %,.0f %s".formatted(tip(cell), x.get(), what)));
      }
    }
    return plot(
        data,
        "%s: %s against %s".formatted(data.title(), words(data), what),
        Axis.ratios(what, points.stream().mapToDouble(Point::x).toArray()),
        points,
        Join.SERIES);
  }

  /** Figure 3: one group's networks differ in L and M alone. */
  private Optional<Plot> againstPartitions(
      Experiment.Data data, Experiment.Group group, List<Outcome> cells) {
    List<Point> points = new ArrayList<>();
    for (Outcome cell : cells) {
      if (cell.group().equals(group.title())
          && NetworkName.parse(cell.network()).family() instanceof Family.Igc igc) {
        Figure figure = cell.figures().getFirst();
        double m = igc.secondaryPartitions();
        figure.paper().ifPresent(printed -> points.add(paper(cell, m, printed)));
        figure.ours().ifPresent(spread -> points.add(ours(cell, m, spread, tip(cell))));
      }
    }
    return plot(
        data,
        "%s: %s against M, %s".formatted(data.title(), words(data), group.title()),
        Axis.ratios("M, secondary partitions", points.stream().mapToDouble(Point::x).toArray()),
        points,
        Join.ALL);
  }

  private Optional<Plot> againstPaper(Experiment.Data data, List<Outcome> cells) {
    List<Point> points = new ArrayList<>();
    for (Outcome cell : cells) {
      Figure figure = cell.figures().getFirst();
      if (figure.difference().isPresent()) {
        points.add(
            ours(
                cell,
                figure.paper().orElseThrow().mean().doubleValue(),
                figure.ours().orElseThrow(),
                "%s; the paper %s".formatted(tip(cell), figure.paper().orElseThrow())));
      }
    }
    return points.size() < 3
        ? Optional.empty()
        : plot(
            data,
            "%s: ours against the paper's".formatted(data.title()),
            Axis.around("the paper's, %", points.stream().mapToDouble(Point::x).toArray()),
            points,
            Join.NONE);
  }

  private Optional<Plot> plot(
      Experiment.Data data, String title, Axis horizontal, List<Point> points, Join joined) {
    if (points.isEmpty()) {
      return Optional.empty();
    }
    double[] ends =
        points.stream()
            .flatMap(
                point ->
                    Stream.of(
                        point.y() - point.deviation().orElse(0.0),
                        point.y() + point.deviation().orElse(0.0)))
            .mapToDouble(Double::doubleValue)
            .toArray();
    return Optional.of(
        new Plot(
            title,
            new Points(title, horizontal, Axis.around(words(data) + ", %", ends), points, joined)
                .svg()));
  }

  private Point ours(Outcome cell, double x, Spread spread, String tip) {
    return new Point(series.of(cell.network()), x, spread.mean(), spread.deviation(), tip, false);
  }

  private Point paper(Outcome cell, double x, Printed printed) {
    return new Point(
        series.of(cell.network()),
        x,
        printed.mean().doubleValue(),
        printed.deviation().map(Number::doubleValue),
        "%s: the paper's %s%%".formatted(cell.network(), printed),
        true);
  }

  private static String tip(Outcome cell) {
    return "%s, depth %d: %s%%"
        .formatted(
            cell.network(),
            cell.depth(),
            cell.figures().getFirst().ours().map(Spread::toString).orElse("–"));
  }
}
