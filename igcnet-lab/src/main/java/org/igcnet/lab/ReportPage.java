package org.igcnet.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.igcnet.lab.Results.Trained;
import org.igcnet.lab.page.Page;
import org.igcnet.train.RateSteps;

/** The file {@code report.html}: one page that needs nothing but itself. */
final class ReportPage {
  private final Experiment experiment;
  private final Results results;
  private final List<Attempt> attempts;

  private ReportPage(Experiment experiment, Results results, List<Attempt> attempts) {
    this.experiment = experiment;
    this.results = results;
    this.attempts = attempts;
  }

  /** The page as bytes. */
  static byte[] of(
      Experiment experiment,
      Results results,
      List<Attempt> attempts,
      String command,
      Renewal renewal) {
    return Page.of(
        "reproduction", new ReportPage(experiment, results, attempts).view(command, renewal));
  }

  /** What the template {@code reproduction} names. */
  private record ResultsView(
      String title,
      Renewal renewal,
      String status,
      List<String> shortened,
      List<String> otherData,
      List<String> notes,
      List<NetworkSeries.Legend> legends,
      List<ResultTables.DataTable> tables,
      List<ResultPlots.Plot> plots,
      List<ResultCurves.CurveSet> curves,
      List<RecipeRow> recipes,
      List<String> differences,
      boolean sized,
      String measured,
      List<SizesRow> sizes,
      List<RunRow> runs,
      List<String> words) {}

  private record RecipeRow(String data, List<RecipeEntry> entries) {}

  private record RecipeEntry(String name, String ours, String paper, boolean different) {}

  private record SizesRow(
      String network,
      int depth,
      String quantity,
      String ours,
      String paper,
      String unit,
      boolean equal) {}

  private record RunRow(
      String folder, String accuracy, String best, String epochs, String loss, String speed) {}

  private ResultsView view(String command, Renewal renewal) {
    List<String> shortened =
        results.data().stream()
            .filter(data -> data.ours().isPresent())
            .filter(data -> data.ours().get().epochs() < data.paper().epochs())
            .map(ReportPage::shortened)
            .toList();
    List<SizesRow> sizes = sizes();
    NetworkSeries series = new NetworkSeries(experiment, results);
    return new ResultsView(
        results.title(),
        renewal,
        "%d of %d runs finished, %d seed%s"
            .formatted(
                results.finished(),
                results.wanted(),
                results.seeds(),
                results.seeds() == 1 ? "" : "s"),
        shortened,
        otherData(),
        experiment.notes(),
        series.legends(),
        new ResultTables(experiment, results, series).tables(),
        new ResultPlots(experiment, results, series).plots(),
        new ResultCurves(attempts, series).curves(),
        results.data().stream().flatMap(data -> recipe(data).stream()).toList(),
        results.data().stream()
            .flatMap(data -> data.differences().stream().map(d -> data.title() + ": " + d))
            .toList(),
        !sizes.isEmpty(),
        measured(),
        sizes,
        runs(),
        RunSection.words(command));
  }

  private static String shortened(Trained data) {
    int ours = data.ours().orElseThrow().epochs();
    return "%s: %d epoch%s of %d"
        .formatted(data.title(), ours, ours == 1 ? "" : "s", data.paper().epochs());
  }

  /** What the images of all runs are for that are measured with. */
  private String measured() {
    return results.data().stream()
        .filter(data -> data.ours().isPresent())
        .map(Trained::measured)
        .distinct()
        .sorted()
        .collect(Collectors.joining(" or "));
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
                        entry("augmentation", ours.augmentation(), data.paper().augmentation()),
                        entry("feature maps", ours.precision(), PaperRecipe.PRECISION))));
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

  private List<SizesRow> sizes() {
    return results.cells().stream()
        .flatMap(
            cell ->
                cell.sizes().stream()
                    .map(
                        size ->
                            new SizesRow(
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
        "%.2f".formatted(run.last().testAccuracy()),
        "%.2f".formatted(run.bestAccuracy()),
        run.finished() ? String.valueOf(run.epochs()) : run.epochs() + ", not finished",
        "%.3f".formatted(run.last().testLoss()),
        "%,.0f".formatted(run.last().imagesPerSecond()));
  }
}
