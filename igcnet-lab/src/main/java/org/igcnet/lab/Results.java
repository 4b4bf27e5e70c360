package org.igcnet.lab;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.files.DocumentFormat;
import org.igcnet.theory.Comparison;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code results.json}: ours beside the paper's. But for images and seconds it holds
 * nothing that differs from one machine to another, or after an interruption.
 *
 * @param format {@link #FORMAT}, by name
 * @param version of the format
 * @param experiment its name
 * @param title for people
 * @param seeds number of runs asked for of each network
 * @param finished runs that are done
 * @param wanted runs that are asked for
 * @param data how each data set is trained on
 * @param cells every network on every data set
 */
public record Results(
    String format,
    int version,
    String experiment,
    String title,
    int seeds,
    int finished,
    int wanted,
    List<Trained> data,
    List<Outcome> cells) {
  static final DocumentFormat<Results> FORMAT =
      new DocumentFormat<>(
          "igcnet-results", Results.class, List.of(Results::addVersion2, Results::addVersion3));

  private static final String TEST = "test";

  public Results {
    data = List.copyOf(data);
    cells = List.copyOf(cells);
  }

  /**
   * How a data set is trained on.
   *
   * @param measured what the images are for that are measured with: {@code test} or {@code
   *     validation}
   * @param paper the paper's recipe
   * @param ours what was done here, if this data set is asked for
   * @param differences of ours from the paper's, a phrase each
   */
  public record Trained(
      String kind,
      String title,
      String measured,
      PaperRecipe paper,
      Optional<OurRecipe> ours,
      List<String> differences) {
    public Trained {
      differences = List.copyOf(differences);
    }
  }

  /** What {@link Recipe} says of every run. */
  public record OurRecipe(
      int epochs,
      int batchSize,
      double learningRate,
      RateSteps rateSteps,
      double momentum,
      double weightDecay,
      int normImages,
      Augmentation augmentation,
      Precision precision) {
    static OurRecipe of(Recipe recipe) {
      return new OurRecipe(
          recipe.epochs(),
          recipe.batchSize(),
          recipe.learningRate(),
          steps(recipe),
          recipe.optimiser().momentum(),
          recipe.optimiser().weightDecay(),
          recipe.norms().images(),
          recipe.images().augmentation(),
          recipe.precision());
    }

    /** The experiments train by the paper's recipe, whose rate falls in steps. */
    private static RateSteps steps(Recipe recipe) {
      if (recipe.schedule().decline() instanceof RateSteps steps) {
        return steps;
      }
      throw new IllegalArgumentException("%s is no recipe of the paper".formatted(recipe));
    }
  }

  /**
   * A network on a data set.
   *
   * @param group what the experiment counts it to
   * @param classes of the network that was counted: the data's, or else the paper's
   * @param pixels height and width of its images
   * @param parameters without batch normalisation
   * @param multiplyAdds of one image
   * @param sizes that the paper prints, ours beside them
   * @param figures every measure
   * @param imagesPerSecond of the fastest epoch, if there is one: other work only slows
   * @param runs those asked for
   */
  public record Outcome(
      String data,
      String network,
      String group,
      String body,
      int depth,
      int classes,
      int pixels,
      long parameters,
      long multiplyAdds,
      List<Size> sizes,
      List<Figure> figures,
      Optional<Double> imagesPerSecond,
      List<Run> runs) {
    public Outcome {
      sizes = List.copyOf(sizes);
      figures = List.copyOf(figures);
      runs = List.copyOf(runs);
    }
  }

  /**
   * A count beside the paper's.
   *
   * @param ours in units of 1, for the paper's number of classes and image size
   * @param paper as printed
   * @param exponent the printed digits' unit is 10 to its power
   * @param equal whether ours, rounded, has the printed digits
   */
  public record Size(Quantity quantity, long ours, BigDecimal paper, int exponent, boolean equal) {}

  /**
   * A measure beside the paper's, in percent.
   *
   * @param ours after the last epoch, over the runs that are finished, if there is one
   * @param paper if it is printed
   * @param difference ours less the paper's, if there are both
   */
  public record Figure(
      Measure measure,
      Optional<Spread> ours,
      Optional<Printed> paper,
      Optional<Double> difference) {}

  /**
   * One training.
   *
   * @param folder below the results' own
   * @param epochs those done
   * @param finished whether these are all
   * @param bestAccuracy top-1 on the images that are measured with, after the best epoch, in
   *     percent
   * @param last the metrics of the last of them
   */
  public record Run(
      long seed,
      String folder,
      int epochs,
      boolean finished,
      double bestAccuracy,
      EpochMetrics last) {}

  /** What is measured with was called a test in any case. */
  private static void addVersion2(ObjectNode results) {
    for (JsonNode data : results.path("data")) {
      if (data instanceof ObjectNode one) {
        one.put("measured", TEST);
      }
    }
  }

  /** Feature maps were kept as the paper keeps them in any case. */
  private static void addVersion3(ObjectNode results) {
    for (JsonNode data : results.path("data")) {
      if (data.path("ours") instanceof ObjectNode ours) {
        ours.put("precision", PaperRecipe.PRECISION.toString());
      }
    }
  }

  /**
   * What a data set's images are for that are measured with: {@code test} or {@code validation}.
   */
  public String measured(String kind) {
    return data.stream()
        .filter(one -> one.kind().equals(kind))
        .map(Trained::measured)
        .findFirst()
        .orElse(TEST);
  }

  /** Puts together what there is. */
  static Results of(Experiment experiment, Scope scope, List<Attempt> attempts, Path root) {
    return new Results(
        FORMAT.name(),
        FORMAT.version(),
        experiment.name(),
        experiment.title(),
        scope.seeds(),
        (int) attempts.stream().filter(Attempt::finished).count(),
        attempts.size(),
        experiment.data().stream().map(data -> trained(data, attempts)).toList(),
        experiment.cells().stream()
            .filter(scope::covers)
            .map(cell -> outcome(cell, attempts, root))
            .toList());
  }

  /** The networks on one data set. */
  List<Outcome> of(Experiment.Data data) {
    return cells.stream().filter(cell -> cell.data().equals(data.kind())).toList();
  }

  private static Trained trained(Experiment.Data data, List<Attempt> attempts) {
    Optional<Trial> trial =
        attempts.stream()
            .map(Attempt::trial)
            .filter(one -> one.cell().data().equals(data))
            .findFirst();
    return new Trained(
        data.kind(),
        data.title(),
        trial.map(one -> one.splits().measure()).orElse(TEST),
        data.recipe(),
        trial.map(one -> OurRecipe.of(one.wanted().recipe())),
        trial.map(one -> Differences.of(one).all()).orElse(List.of()));
  }

  private static Outcome outcome(Cell cell, List<Attempt> attempts, Path root) {
    List<Attempt> own =
        attempts.stream().filter(attempt -> attempt.trial().cell().equals(cell)).toList();
    Architecture architecture =
        own.isEmpty() ? cell.architecture() : own.getFirst().trial().architecture();
    Optional<Double> fastest =
        own.stream()
            .flatMap(attempt -> attempt.metrics().stream())
            .map(EpochMetrics::imagesPerSecond)
            .max(Comparator.naturalOrder());
    return new Outcome(
        cell.data().kind(),
        cell.network(),
        cell.group(),
        cell.experiment().body(),
        cell.depth(),
        architecture.classes(),
        architecture.input().height(),
        Quantity.PARAMETERS.of(architecture),
        Quantity.MULTIPLY_ADDS.of(architecture),
        cell.experiment().sizes(cell).stream().map(row -> size(cell, row)).toList(),
        cell.experiment().measures().stream().map(m -> figure(cell, m, own)).toList(),
        fastest,
        own.stream().flatMap(attempt -> run(attempt, root).stream()).toList());
  }

  private static Size size(Cell cell, Experiment.Sizes row) {
    long ours = row.quantity().of(cell.architecture());
    BigDecimal paper = new BigDecimal(row.values().get(cell.experiment().index(cell)));
    return new Size(
        row.quantity(),
        ours,
        paper,
        row.exponent(),
        new Comparison(BigDecimal.valueOf(ours, row.exponent()), paper).agrees());
  }

  private static Figure figure(Cell cell, Measure measure, List<Attempt> attempts) {
    double[] values =
        attempts.stream()
            .filter(Attempt::finished)
            .map(attempt -> measure.of(attempt.metrics().getLast()))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    Optional<Spread> ours = values.length == 0 ? Optional.empty() : Optional.of(Spread.of(values));
    Optional<Printed> paper = cell.experiment().printed(cell, measure);
    return new Figure(
        measure,
        ours,
        paper,
        ours.flatMap(own -> paper.map(printed -> own.mean() - printed.mean().doubleValue())));
  }

  private static Optional<Run> run(Attempt attempt, Path root) {
    return attempt
        .run()
        .filter(run -> !run.metrics().isEmpty())
        .map(
            run ->
                new Run(
                    attempt.trial().seed(),
                    root.relativize(run.folder()).toString(),
                    run.metrics().size(),
                    run.finished(),
                    run.metrics().stream()
                        .mapToDouble(EpochMetrics::testAccuracy)
                        .max()
                        .orElseThrow(),
                    run.metrics().getLast()));
  }
}
