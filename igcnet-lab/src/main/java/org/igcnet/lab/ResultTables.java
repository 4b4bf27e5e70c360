package org.igcnet.lab;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.igcnet.lab.Results.Figure;
import org.igcnet.lab.Results.Outcome;

/** Ours beside the paper's: a table for each data set. */
record ResultTables(Experiment experiment, Results results, NetworkSeries series) {
  /**
   * A data set's.
   *
   * @param stacked whether the paper's figure stands below ours, and not in a column of its own
   */
  record DataTable(
      String title,
      List<String> measures,
      boolean stacked,
      List<NetworkRow> rows,
      List<String> orders) {}

  /**
   * A network's.
   *
   * @param heading its group's, where it is the first of a group that has a title
   * @param starts whether it is the first of its depth or group
   */
  record NetworkRow(
      String heading,
      boolean starts,
      String depth,
      String sign,
      String network,
      String parameters,
      String multiplyAdds,
      String speed,
      List<FigureCell> figures) {}

  /** A measure of it. */
  record FigureCell(
      String ours, String n, String paper, String difference, String css, boolean best) {}

  /** Those of all data sets that anything is shown of. */
  List<DataTable> tables() {
    return experiment.data().stream().flatMap(data -> table(data).stream()).toList();
  }

  private Optional<DataTable> table(Experiment.Data data) {
    List<Outcome> cells = results.of(data);
    if (cells.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new DataTable(
            data.title(),
            experiment.measures().stream()
                .map(measure -> measure.words(results.measured(data.kind())))
                .toList(),
            experiment.measures().size() > 1,
            cells.stream().map(cell -> row(cell, cells)).toList(),
            experiment.depths().stream().flatMap(depth -> order(cells, depth).stream()).toList()));
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
        String.valueOf(cell.depth()),
        series.of(cell.network()).sign(),
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
}
