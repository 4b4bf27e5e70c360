package org.igcnet.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Dataset;
import org.igcnet.data.Scored;
import org.igcnet.data.TrainingData;
import org.igcnet.files.WholeFile;
import org.igcnet.lab.Examination.Mistake;
import org.igcnet.lab.page.Curves;
import org.igcnet.lab.page.Page;
import org.igcnet.lab.page.Pixels;
import org.igcnet.lab.page.Series;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.theory.NetworkCost;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Recipe;
import org.igcnet.train.RecordedRun;

/** A page of some runs: curves, and of each what its best model sees, costs and has learned. */
public final class RunsReport {
  /** With more classes than these a confusion matrix is a picture. */
  private static final int MOST_CLASSES = 20;

  private final List<RecordedRun> runs;
  private final Optional<String> data;
  private final Compute compute;
  private final ReportListener listener;
  private final Map<TrainingData, Scored> opened = new LinkedHashMap<>();
  private final List<ClassTables.Examined> examined = new ArrayList<>();

  private RunsReport(
      List<RecordedRun> runs, Optional<String> data, Compute compute, ReportListener listener) {
    this.runs = runs;
    this.data = data;
    this.compute = compute;
    this.listener = listener;
  }

  /**
   * What was found of a run.
   *
   * @param folder of the run
   * @param accuracy top-1 of its best model on the images, in percent, as measured now
   * @param images how many there are
   * @param kind what they are to the training: {@code validation images}
   */
  public record Found(
      String folder, String network, int depth, double accuracy, int images, String kind) {}

  /**
   * Tests the best model of each run, measures its layers, and writes the page, and beside it the
   * {@link ClassTables}, where it is a plain file.
   *
   * @param folders of the runs
   * @param data where the images are, if not where each run had them
   * @param file the page, written whole or not at all
   * @param listener hears how far it is
   * @throws UserError where a run or the data cannot be read, or do not fit each other
   */
  public static List<Found> write(
      List<Path> folders,
      Optional<String> data,
      Path file,
      Compute compute,
      ReportListener listener) {
    List<RecordedRun> runs = folders.stream().map(RecordedRun::read).toList();
    WholeFile.requireWritable(file);
    Optional<ClassTables> tables = ClassTables.beside(file);
    tables.ifPresent(ClassTables::requireWritable);
    RunsReport report = new RunsReport(runs, data, compute, listener);
    List<Found> found = new ArrayList<>();
    List<RunView> views = new ArrayList<>();
    for (RecordedRun run : runs) {
      views.add(report.run(run, views.size(), found));
    }
    byte[] page = Page.of("runs", report.view(views));
    WholeFile.write(file, out -> out.write(page));
    tables.ifPresent(two -> two.write(report.examined));
    return found;
  }

  /** What the template {@code runs} names. */
  private record RunsView(
      String title,
      String measure,
      List<NetworkSeries.Key> keys,
      List<SummaryRow> summary,
      List<Plots> curves,
      List<RunView> runs) {}

  private record SummaryRow(
      String id,
      String sign,
      String name,
      String network,
      String data,
      String epochs,
      String last,
      String best,
      String parameters,
      String multiplyAdds,
      String speed) {}

  private record Plots(String title, List<ResultCurves.CurveTab> tabs) {}

  private record RunView(
      String id,
      String name,
      String description,
      String recipe,
      String accuracy,
      List<String> classes,
      List<ConfusionTable.ClassRow> confusion,
      String confusionMap,
      List<ConfusionTable.Pair> pairs,
      List<MistakeView> mistakes,
      List<LayerTable.LayerRow> layers,
      String step,
      List<KernelView> kernels) {}

  private record MistakeView(String picture, String label, String taken, String probability) {}

  private record KernelView(String name, String picture, String words) {}

  private RunsView view(List<RunView> views) {
    List<Series> series =
        IntStream.range(0, runs.size())
            .mapToObj(i -> new Series(i, runs.size(), name(runs.get(i))))
            .toList();
    return new RunsView(
        runs.size() == 1 ? "Run " + name(runs.getFirst()) : "%d runs".formatted(runs.size()),
        measure(),
        series.stream().map(one -> new NetworkSeries.Key(one.name(), one.sign())).toList(),
        IntStream.range(0, runs.size())
            .mapToObj(i -> summary(runs.get(i), series.get(i), views.get(i).id()))
            .toList(),
        runs.stream().anyMatch(run -> !run.metrics().isEmpty())
            ? List.of(
                curves(
                    "Accuracy",
                    "%",
                    series,
                    Map.of(
                        measure() + " accuracy",
                        EpochMetrics::testAccuracy,
                        "Training accuracy",
                        EpochMetrics::trainAccuracy)),
                curves(
                    "Loss",
                    "",
                    series,
                    Map.of(
                        measure() + " loss",
                        EpochMetrics::testLoss,
                        "Training loss",
                        EpochMetrics::trainLoss)))
            : List.of(),
        views);
  }

  /** What was measured after each epoch: on what chooses the best model it is validation. */
  private String measure() {
    long validated = runs.stream().filter(run -> run.description().validated()).count();
    return validated == 0 ? "Test" : validated == runs.size() ? "Validation" : "Test or validation";
  }

  private static String name(RecordedRun run) {
    return run.folder().normalize().toString();
  }

  private static SummaryRow summary(RecordedRun run, Series series, String id) {
    Architecture architecture = run.description().architecture();
    NetworkCost cost = NetworkCost.of(architecture);
    List<EpochMetrics> metrics = run.metrics();
    return new SummaryRow(
        id,
        series.sign(),
        name(run),
        "%s, depth %d".formatted(architecture.network(), architecture.depth()),
        run.description().data(),
        "%d of %d".formatted(metrics.size(), run.description().recipe().epochs()),
        metrics.isEmpty() ? "–" : "%.2f".formatted(metrics.getLast().testAccuracy()),
        metrics.isEmpty()
            ? "–"
            : "%.2f"
                .formatted(
                    metrics.stream().mapToDouble(EpochMetrics::testAccuracy).max().orElseThrow()),
        "%,d".formatted(cost.parameters()),
        "%,d".formatted(cost.multiplyAdds()),
        metrics.isEmpty()
            ? "–"
            : "%,.0f"
                .formatted(
                    Pace.median(metrics.stream().map(EpochMetrics::imagesPerSecond).toList())));
  }

  private Plots curves(
      String title,
      String unit,
      List<Series> series,
      Map<String, Function<EpochMetrics, Double>> values) {
    List<ResultCurves.CurveTab> tabs =
        values.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                entry -> {
                  List<Curves.Curve> curves =
                      IntStream.range(0, runs.size())
                          .filter(i -> !runs.get(i).metrics().isEmpty())
                          .mapToObj(
                              i ->
                                  new Curves.Curve(
                                      series.get(i),
                                      series.get(i).name(),
                                      runs.get(i).metrics().stream()
                                          .map(entry.getValue())
                                          .toList()))
                          .toList();
                  String label = unit.isEmpty() ? entry.getKey() : entry.getKey() + ", " + unit;
                  return new ResultCurves.CurveTab(
                      entry.getKey(),
                      title,
                      entry.getKey(),
                      !entry.getKey().startsWith("Training"),
                      new Curves(entry.getKey() + " over epochs", label, unit, curves).svg());
                })
            .toList();
    return new Plots(title, tabs);
  }

  private RunView run(RecordedRun run, int index, List<Found> found) {
    if (run.metrics().isEmpty()) {
      throw new UserError(
          "%s has no model to report on: its first epoch is not done".formatted(run.folder()));
    }
    Model model = ModelFolder.read(run.folder());
    Scored scored = open(RecordedRun.data(run.folder(), model));
    Examination examination = Examination.of(model, scored.images(), compute, listener);
    examined.add(new ClassTables.Examined(name(run), model.classes(), examination));
    found.add(
        new Found(
            name(run),
            model.architecture().network().toString(),
            model.architecture().depth(),
            examination.accuracy(),
            examination.images(),
            scored.kind()));
    LayerTable layers =
        new LayerTable(
            model.architecture(), LayerTimes.measure(model, compute.threads(), listener));
    ConfusionTable confusion = new ConfusionTable(examination, model.classes());
    boolean few = model.classes().size() <= MOST_CLASSES;
    return new RunView(
        "run" + index,
        name(run),
        model.architecture() + ", " + run.description().data(),
        recipe(run.description().recipe()),
        "%.2f%% of %s, the model of epoch %d"
            .formatted(examination.accuracy(), scored, model.origin().epochs()),
        few ? model.classes() : List.of(),
        few ? confusion.rows() : List.of(),
        few ? "" : Pixels.heat(confusion.roots()),
        confusion.pairs(),
        examination.mistakes().stream()
            .map(mistake -> mistake(mistake, model, scored.images()))
            .toList(),
        layers.rows(),
        layers.step(),
        KernelMap.of(model).stream().map(RunsReport::kernel).toList());
  }

  /** Several runs may share their data. */
  private Scored open(TrainingData remembered) {
    return opened.computeIfAbsent(remembered, this::opened);
  }

  private Scored opened(TrainingData remembered) {
    Scored scored =
        data.map(DataSpec::parse)
            .map(spec -> remembered.toScore(spec, listener))
            .orElseGet(() -> remembered.toScore(UnaryOperator.identity(), listener));
    scored.leftAlone().forEach(listener::leftAlone);
    return scored;
  }

  private static String recipe(Recipe recipe) {
    return "%d epochs of batches of %d, learning rate %s %s, momentum %s, weight decay %s, batch normalisation over %d images, %s, seed %d"
        .formatted(
            recipe.epochs(),
            recipe.batchSize(),
            recipe.learningRate(),
            recipe.schedule(),
            recipe.optimiser().momentum(),
            recipe.optimiser().weightDecay(),
            recipe.norms().images(),
            recipe.images().augmentation(),
            recipe.seed());
  }

  private static MistakeView mistake(Mistake mistake, Model model, Dataset images) {
    byte[] values = new byte[images.shape().size()];
    images.read(mistake.image(), values);
    return new MistakeView(
        Pixels.picture(images.shape(), values),
        model.classes().get(mistake.label()),
        model.classes().get(mistake.taken()),
        "%.1f%%".formatted(100 * mistake.probability()));
  }

  private static KernelView kernel(KernelMap map) {
    return new KernelView(
        map.unit(),
        Pixels.heat(map.strengths()),
        "%d outputs × %d inputs%s"
            .formatted(
                map.strengths().length,
                map.strengths()[0].length,
                map.composite() ? ", composite" : ""));
  }
}
