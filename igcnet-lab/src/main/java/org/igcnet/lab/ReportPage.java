package org.igcnet.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.igcnet.arch.Family;
import org.igcnet.arch.NetworkName;
import org.igcnet.lab.Results.Figure;
import org.igcnet.lab.Results.Outcome;
import org.igcnet.lab.Results.Trained;
import org.igcnet.lab.page.Axis;
import org.igcnet.lab.page.Curves;
import org.igcnet.lab.page.Page;
import org.igcnet.lab.page.Points;
import org.igcnet.lab.page.Points.Join;
import org.igcnet.lab.page.Points.Point;
import org.igcnet.lab.page.Series;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RateSteps;

/** The file {@code report.html}: one page that needs nothing but itself. */
final class ReportPage {
  private final Experiment experiment;
  private final Results results;
  private final List<Attempt> attempts;
  private final Map<String, Series> series = new LinkedHashMap<>();

  private ReportPage(Experiment experiment, Results results, List<Attempt> attempts) {
    this.experiment = experiment;
    this.results = results;
    this.attempts = attempts;
    for (Experiment.Group group : experiment.networks()) {
      List<String> shown =
          group.names().stream()
              .filter(name -> results.cells().stream().anyMatch(c -> c.network().equals(name)))
              .toList();
      shown.forEach(name -> series.put(name, new Series(shown.indexOf(name), shown.size(), name)));
    }
  }

  /** The page as bytes. */
  static byte[] of(Experiment experiment, Results results, List<Attempt> attempts) {
    return Page.of("reproduction", new ReportPage(experiment, results, attempts).view());
  }

  /** What the template {@code reproduction} names. */
  private record View(
      String title,
      String status,
      List<String> shortened,
      List<String> otherData,
      List<String> notes,
      List<Legend> legends,
      List<DataTable> tables,
      List<Plot> plots,
      List<CurveSet> curves,
      List<RecipeRow> recipes,
      List<String> differences,
      boolean sized,
      List<SizeRow> sizes,
      List<RunRow> runs) {}

  private record Legend(String title, List<Key> keys) {}

  private record Key(String name, String sign) {}

  private record DataTable(
      String title, List<String> measures, List<NetworkRow> rows, List<String> orders) {}

  /**
   * @param heading its group's, where it is the first of a group that has a title
   * @param starts whether it is the first of its depth or group
   */
  private record NetworkRow(
      String heading,
      boolean starts,
      String depth,
      String sign,
      String network,
      String parameters,
      String multiplyAdds,
      String speed,
      List<FigureCell> figures) {}

  private record FigureCell(
      String ours, String n, String paper, String difference, String css, boolean best) {}

  private record Plot(String title, String svg) {}

  /** The same trainings by several measures. */
  private record CurveSet(String id, String title, List<CurveTab> tabs) {}

  private record CurveTab(String id, String set, String name, boolean first, String svg) {}

  private record RecipeRow(String data, List<RecipeEntry> entries) {}

  private record RecipeEntry(String name, String ours, String paper, boolean different) {}

  private record SizeRow(
      String network,
      int depth,
      String quantity,
      String ours,
      String paper,
      String unit,
      boolean equal) {}

  private record RunRow(
      String folder, String epochs, String accuracy, String best, String loss, String speed) {}

  private View view() {
    List<String> shortened =
        results.data().stream()
            .filter(data -> data.ours().isPresent())
            .filter(data -> data.ours().get().epochs() < data.paper().epochs())
            .map(ReportPage::shortened)
            .toList();
    List<SizeRow> sizes = sizes();
    return new View(
        results.title(),
        "%d of %d runs finished, %d seed%s"
            .formatted(
                results.finished(),
                results.wanted(),
                results.seeds(),
                results.seeds() == 1 ? "" : "s"),
        shortened,
        otherData(),
        experiment.notes(),
        legends(),
        experiment.data().stream().flatMap(data -> table(data).stream()).toList(),
        experiment.data().stream().flatMap(data -> plots(data).stream()).toList(),
        curves(),
        results.data().stream().flatMap(data -> recipe(data).stream()).toList(),
        results.data().stream()
            .flatMap(data -> data.differences().stream().map(d -> data.title() + ": " + d))
            .toList(),
        !sizes.isEmpty(),
        sizes,
        runs());
  }

  private static String shortened(Trained data) {
    int ours = data.ours().orElseThrow().epochs();
    return "%s: %d epoch%s of %d"
        .formatted(data.title(), ours, ours == 1 ? "" : "s", data.paper().epochs());
  }

  private List<String> otherData() {
    return attempts.stream()
        .map(Attempt::trial)
        .flatMap(
            trial ->
                Differences.of(trial).data().stream()
                    .map(difference -> trial.cell().data().title() + ": " + difference))
        .distinct()
        .toList();
  }

  private List<Legend> legends() {
    return experiment.networks().stream()
        .map(
            group ->
                new Legend(
                    group.title(),
                    group.names().stream()
                        .flatMap(name -> Stream.ofNullable(series.get(name)))
                        .map(s -> new Key(s.name(), s.sign()))
                        .toList()))
        .filter(legend -> !legend.keys().isEmpty())
        .toList();
  }

  // Tables

  private Optional<DataTable> table(Experiment.Data data) {
    List<Outcome> cells = cells(data);
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DataTable(
            data.title(),
            experiment.measures().stream().map(Measure::words).toList(),
            cells.stream().map(cell -> row(cell, cells)).toList(),
            experiment.depths().stream().flatMap(depth -> order(cells, depth).stream()).toList()));
  }

  private List<Outcome> cells(Experiment.Data data) {
    return results.cells().stream().filter(cell -> cell.data().equals(data.kind())).toList();
  }

  private NetworkRow row(Outcome cell, List<Outcome> cells) {
    int index = cells.indexOf(cell);
    boolean starts =
        index == 0
            || cells.get(index - 1).depth() != cell.depth()
            || !cells.get(index - 1).group().equals(cell.group());
    return new NetworkRow(
        starts ? cell.group() : "",
        starts,
        starts ? String.valueOf(cell.depth()) : "",
        of(cell).sign(),
        cell.network(),
        "%,d".formatted(cell.parameters()),
        "%,d".formatted(cell.multiplyAdds()),
        cell.imagesPerSecond().map("%,.0f"::formatted).orElse(""),
        cell.figures().stream().map(figure -> figure(figure, cell, cells)).toList());
  }

  private static FigureCell figure(Figure figure, Outcome cell, List<Outcome> cells) {
    return new FigureCell(
        figure.ours().map(Spread::toString).orElse("–"),
        figure.ours().map(spread -> "n = " + spread.n()).orElse(""),
        figure.paper().map(Printed::toString).orElse("–"),
        figure.difference().map(d -> String.format(Locale.ROOT, "%+.2f", d)).orElse(""),
        standing(figure),
        isBest(figure, cell, cells));
  }

  /** Whether ours is better than the paper's, worse, or within both deviations. */
  private static String standing(Figure figure) {
    if (figure.difference().isEmpty()) {
      return "";
    }
    double difference = figure.difference().get();
    double ours = figure.ours().flatMap(Spread::deviation).orElse(0.0);
    double paper = figure.paper().flatMap(Printed::deviation).map(Number::doubleValue).orElse(0.0);
    if (Math.abs(difference) <= ours + paper) {
      return "same";
    }
    return difference > 0 == figure.measure().higherIsBetter() ? "better" : "worse";
  }

  /** Whether no other network of the depth and group has a better mean of ours. */
  private static boolean isBest(Figure figure, Outcome cell, List<Outcome> cells) {
    if (figure.ours().isEmpty()) {
      return false;
    }
    double own = figure.ours().get().mean();
    List<Double> means =
        cells.stream()
            .filter(c -> c.depth() == cell.depth() && c.group().equals(cell.group()))
            .flatMap(c -> c.figures().stream())
            .filter(f -> f.measure() == figure.measure())
            .flatMap(f -> f.ours().stream())
            .map(Spread::mean)
            .toList();
    return means.size() > 1
        && means.stream()
            .allMatch(mean -> figure.measure().higherIsBetter() ? mean <= own : mean >= own);
  }

  /** How many pairs of networks stand as they do in the paper. */
  private static Optional<String> order(List<Outcome> cells, int depth) {
    List<Figure> both =
        cells.stream()
            .filter(cell -> cell.depth() == depth)
            .map(cell -> cell.figures().getFirst())
            .filter(figure -> figure.difference().isPresent())
            .toList();
    int pairs = 0;
    int same = 0;
    for (int i = 0; i < both.size(); i++) {
      for (int j = 0; j < i; j++) {
        double paper = printed(both.get(i)) - printed(both.get(j));
        double ours =
            both.get(i).ours().orElseThrow().mean() - both.get(j).ours().orElseThrow().mean();
        pairs += paper == 0 ? 0 : 1;
        same += paper * ours > 0 ? 1 : 0;
      }
    }
    return pairs == 0
        ? Optional.empty()
        : Optional.of(
            "at depth %d, %d of %d pairs of networks stand in it".formatted(depth, same, pairs));
  }

  private static double printed(Figure figure) {
    return figure.paper().orElseThrow().mean().doubleValue();
  }

  // Plots

  private List<Plot> plots(Experiment.Data data) {
    List<Outcome> cells = cells(data);
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

  private String percent() {
    return measure().words() + ", %";
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
        "%s: %s against %s".formatted(data.title(), measure().words(), what),
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
        "%s: %s against M, %s".formatted(data.title(), measure().words(), group.title()),
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
                printed(figure),
                figure.ours().orElseThrow(),
                "%s; the paper %s".formatted(tip(cell), figure.paper().orElseThrow())));
      }
    }
    return points.size() < 3
        ? Optional.empty()
        : plot(
            "%s: ours against the paper's".formatted(data.title()),
            Axis.around("the paper's, %", points.stream().mapToDouble(Point::x).toArray()),
            points,
            Join.NONE);
  }

  private Optional<Plot> plot(String title, Axis horizontal, List<Point> points, Join joined) {
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
            new Points(title, horizontal, Axis.around(percent(), ends), points, joined).svg()));
  }

  private Point ours(Outcome cell, double x, Spread spread, String tip) {
    return new Point(of(cell), x, spread.mean(), spread.deviation(), tip, false);
  }

  private Point paper(Outcome cell, double x, Printed printed) {
    return new Point(
        of(cell),
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

  private Series of(Outcome cell) {
    return series(cell.network());
  }

  private Series series(String network) {
    Series found = series.get(network);
    if (found == null) {
      throw new IllegalArgumentException(network + " is not shown");
    }
    return found;
  }

  // Curves

  private List<CurveSet> curves() {
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
    return new CurveSet(
        id,
        title,
        List.of(
            tab(id, title, set, "Test accuracy", "%", true, EpochMetrics::testAccuracy),
            tab(id, title, set, "Training accuracy", "%", false, EpochMetrics::trainAccuracy),
            tab(id, title, set, "Test loss", "", false, EpochMetrics::testLoss),
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
                        series(attempt.trial().cell().network()),
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

  // What was done

  private static Optional<RecipeRow> recipe(Trained data) {
    return data.ours()
        .map(
            ours ->
                new RecipeRow(
                    data.title(),
                    List.of(
                        entry("epochs", ours.epochs(), data.paper().epochs()),
                        entry("images a step", ours.batchSize(), data.paper().batchSize()),
                        entry("learning rate", ours.learningRate(), data.paper().learningRate()),
                        entry(
                            "divided by 10 after",
                            percent(ours.rateSteps()),
                            percent(data.paper().steps())),
                        entry("momentum (Nesterov)", ours.momentum(), 0.9),
                        entry("weight decay", ours.weightDecay(), 1e-4),
                        entry(
                            "images of a batch norm", ours.normImages(), data.paper().normImages()),
                        entry("augmentation", ours.augmentation(), data.paper().augmentation()))));
  }

  /** Shares of the training after which the learning rate changes. */
  private static String percent(RateSteps steps) {
    return String.join(
        ", ",
        steps.shares().stream()
            .map(share -> "%s%%".formatted(Math.round(10 * share.percent()) / 10.0))
            .map(share -> share.replace(".0%", "%"))
            .toList());
  }

  private static RecipeEntry entry(String name, Object ours, Object paper) {
    return new RecipeEntry(name, ours.toString(), paper.toString(), !ours.equals(paper));
  }

  private List<SizeRow> sizes() {
    return results.cells().stream()
        .flatMap(
            cell ->
                cell.sizes().stream()
                    .map(
                        size ->
                            new SizeRow(
                                cell.network(),
                                cell.depth(),
                                size.quantity().words(),
                                "%,d".formatted(size.ours()),
                                size.paper().toPlainString(),
                                size.exponent() == 0 ? "" : "× 10^" + size.exponent(),
                                size.equal())))
        .toList();
  }

  private List<RunRow> runs() {
    return results.cells().stream()
        .flatMap(cell -> cell.runs().stream().map(ReportPage::run))
        .toList();
  }

  private static RunRow run(Results.Run run) {
    return new RunRow(
        run.folder(),
        run.finished() ? String.valueOf(run.epochs()) : run.epochs() + ", not finished",
        "%.2f".formatted(run.last().testAccuracy()),
        "%.2f".formatted(run.bestAccuracy()),
        "%.3f".formatted(run.last().testLoss()),
        "%,.0f".formatted(run.last().imagesPerSecond()));
  }
}
