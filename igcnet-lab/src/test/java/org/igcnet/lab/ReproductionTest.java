package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.TrainingSession;
import org.igcnet.data.Augmentation;
import org.igcnet.data.Part;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Recipe;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingListener.BatchProgress;
import org.igcnet.train.TrainingRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Two small networks, two seeds, two epochs, on a few built-in pictures. */
class ReproductionTest {
  static final Duration LONG = Duration.ofHours(1);
  static final Splits DATA = new Splits("shapes:1", Shapes.train(1, 150), Shapes.test(1, 70));
  static final Scope TWICE =
      new Scope(Optional.of(2), 2, List.of(), List.of(), Optional.empty(), Precision.FLOAT32);

  @TempDir Path folder;

  /** Writes down what it hears, and may throw in the middle. */
  static final class Heard implements ReproductionListener {
    final List<String> starts = new ArrayList<>();
    final List<String> left = new ArrayList<>();
    final List<Overall> finished = new ArrayList<>();
    int batches;
    private final int after;
    private final Runnable then;

    Heard() {
      this(Integer.MAX_VALUE, () -> {});
    }

    /** Does something when it has heard of so many batches. */
    Heard(int after, Runnable then) {
      this.after = after;
      this.then = then;
    }

    static Heard killingAfter(int batches) {
      return new Heard(
          batches,
          () -> {
            throw new Killed();
          });
    }

    @Override
    public void starting(Trial trial, int epochsDone, Overall overall) {
      starts.add("%s after %d".formatted(trial, epochsDone));
    }

    @Override
    public void batch(Trial trial, BatchProgress progress, Overall overall) {
      assertThat(overall.share()).isBetween(0.0, 1.0);
      assertThat(overall.secondsLeft()).isNotNaN().isNotNegative();
      batches++;
      if (batches == after) {
        then.run();
      }
    }

    @Override
    public void finished(Trial trial, EpochMetrics last, Overall overall) {
      finished.add(overall);
    }

    @Override
    public void leftOut(Trial trial, String why) {
      left.add(why);
    }
  }

  /** What a listener throws in place of a kill. */
  private static final class Killed extends RuntimeException {}

  @Test
  void everyRunIsTrainedOnceSeedsOutermost() {
    Heard heard = new Heard();
    Results results = reproduce(heard, LONG);

    assertThat(heard.starts)
        .containsExactly(
            "IGC-L4M2, depth 5, shapes, seed 1 after 0",
            "RegConv-W4, depth 5, shapes, seed 1 after 0",
            "IGC-L4M2, depth 5, shapes, seed 2 after 0",
            "RegConv-W4, depth 5, shapes, seed 2 after 0");
    assertThat(heard.finished)
        .extracting(ReproductionListener.Overall::finished)
        .containsExactly(1, 2, 3, 4);
    assertThat(heard.finished.getLast().share()).isEqualTo(1);
    assertThat(heard.finished.getLast().secondsLeft()).isZero();
    assertThat(results.finished()).isEqualTo(4);
    Results.Outcome igc = results.cells().getFirst();
    assertThat(igc.runs())
        .extracting(Results.Run::folder)
        .containsExactly("runs/shapes/IGC-L4M2-d5-e2-s1", "runs/shapes/IGC-L4M2-d5-e2-s2");
    double first = igc.runs().getFirst().last().testAccuracy();
    double second = igc.runs().getLast().last().testAccuracy();
    Spread spread = igc.figures().getFirst().ours().orElseThrow();
    assertThat(spread.n()).isEqualTo(2);
    assertThat(spread.mean()).isCloseTo((first + second) / 2, within(1e-9));
    assertThat(spread.deviation().orElseThrow())
        .isCloseTo(Math.abs(first - second) / Math.sqrt(2), within(1e-9));
    assertThat(igc.figures().getFirst().difference().orElseThrow())
        .isCloseTo(spread.mean() - 50, within(1e-9));

    Heard again = new Heard();
    assertThat(reproduce(again, LONG)).isEqualTo(results);
    assertThat(again.batches).isZero();
  }

  @Test
  void runsMayLieBehindALinkAndLinksMayLeadInCircles() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Path out = Files.createDirectory(folder.resolve("out"));
    Path runs = Files.createSymbolicLink(out.resolve("runs"), elsewhere);
    Path shapes = Files.createDirectory(elsewhere.resolve("shapes"));
    Files.createSymbolicLink(shapes.resolve("up"), out);
    Files.createSymbolicLink(shapes.resolve("here"), Path.of("."));
    Files.createSymbolicLink(shapes.resolve("one"), Path.of("other"));
    Files.createSymbolicLink(shapes.resolve("other"), Path.of("one"));
    Files.createSymbolicLink(shapes.resolve("IGC-L4M2-d5-e2-s1"), Path.of("IGC-L4M2-d5-e2-s1"));

    Results results = reproduce(out, new Heard(), LONG);

    assertThat(results.finished()).isEqualTo(4);
    assertThat(results.cells().getFirst().runs())
        .extracting(Results.Run::folder)
        .containsExactly("runs/shapes/IGC-L4M2-d5-e2-s1-2", "runs/shapes/IGC-L4M2-d5-e2-s2");
    assertThat(runs).isSymbolicLink();
    assertThat(shapes.resolve("IGC-L4M2-d5-e2-s1-2/model.json")).exists();
    Heard again = new Heard();
    assertThat(reproduce(out, again, LONG)).isEqualTo(results);
    assertThat(again.batches).isZero();
  }

  @Test
  void interruptedAnywhereItEndsWithTheSameResults() {
    Results whole = untimed(reproduce(new Heard(), LONG));
    Path killed = folder.resolve("killed");
    for (int steps : new int[] {2, 4, 7}) {
      assertThatThrownBy(() -> reproduce(killed, Heard.killingAfter(steps), LONG))
          .isInstanceOf(Killed.class);
    }
    Heard last = new Heard();
    assertThat(untimed(reproduce(killed, last, LONG))).isEqualTo(whole);
    assertThat(last.starts).hasSizeLessThan(4);
  }

  @Test
  void whenTheTimeIsUpItStopsCleanlyAndGoesOnThere() {
    Results whole = untimed(reproduce(new Heard(), LONG));
    Path stopped = folder.resolve("stopped");
    assertThat(reproduce(stopped, new Heard(), Duration.ZERO).finished()).isZero();
    Heard heard = new Heard();
    for (int step = 0; step < 4 * 2 * 3; step++) {
      int before = heard.batches;
      try (Reproduction reproduction = open(stopped)) {
        reproduction.run(heard, () -> heard.batches > before);
      }
    }
    assertThat(heard.finished).as("nothing was trained twice").hasSize(4);
    assertThat(heard.batches).isEqualTo(4 * 2 * 3);
    assertThat(untimed(reproduce(stopped, new Heard(), LONG))).isEqualTo(whole);
  }

  /** In the first step of the second training, of six steps each. */
  @Test
  void whenItIsAskedToStopItEndsTheStepAndGoesOnThere() {
    Results whole = untimed(reproduce(new Heard(), LONG));
    Path stopped = folder.resolve("stopped");
    try (Reproduction reproduction = open(stopped)) {
      Heard heard = new Heard(7, reproduction::stop);
      assertThat(reproduction.run(heard, LONG).finished()).isEqualTo(1);
      assertThat(reproduction.run(heard, LONG).finished()).as("no other begins").isEqualTo(1);
      assertThat(heard.batches).isEqualTo(7);
    }
    Heard rest = new Heard();
    assertThat(untimed(reproduce(stopped, rest, LONG))).isEqualTo(whole);
    assertThat(rest.batches).isEqualTo(4 * 2 * 3 - 7);
  }

  @Test
  void aRunThatAnotherProgramBeganIsUsed() {
    Path own = folder.resolve("runs/a/b");
    Recipe recipe = recipe(1);
    try (TrainingRun run = start(own, recipe)) {
      assertThatThrownBy(
              () ->
                  run.run(
                      new TrainingListener() {
                        @Override
                        public void batch(BatchProgress progress) {}

                        @Override
                        public void epoch(EpochMetrics metrics, boolean best) {
                          throw new Killed();
                        }
                      }))
          .isInstanceOf(Killed.class);
    }
    Heard heard = new Heard();
    Results results = reproduce(heard, LONG);
    assertThat(heard.starts).contains("IGC-L4M2, depth 5, shapes, seed 1 after 1");
    assertThat(results.cells().getFirst().runs().getFirst().folder()).isEqualTo("runs/a/b");
  }

  @Test
  void runsOfBeforeRateStepsAndTrainingTop5Count() throws IOException {
    Results results = reproduce(new Heard(), LONG);
    for (Results.Outcome outcome : results.cells()) {
      for (Results.Run run : outcome.runs()) {
        makeVersion3(folder.resolve(run.folder()));
        makeOlder(folder.resolve(run.folder()).resolve("metrics.jsonl"));
      }
    }
    makeOlder(folder.resolve("results.json"));
    Heard again = new Heard();
    Results then = reproduce(again, LONG);
    assertThat(again.batches).isZero();
    assertThat(then.finished()).isEqualTo(4);
    assertThat(then.data()).isEqualTo(results.data());
    assertThat(then.cells().getFirst().figures()).isEqualTo(results.cells().getFirst().figures());
    assertThat(Measure.TRAINING_TOP5_ERROR.of(lastOf(then))).isEmpty();
    assertThat(Measure.TRAINING_TOP5_ERROR.of(lastOf(results)))
        .hasValue(100 - lastOf(results).trainTop5().orElseThrow());
  }

  private static EpochMetrics lastOf(Results results) {
    return results.cells().getFirst().runs().getFirst().last();
  }

  /** The recipe was one list of numbers, and the first programs did not say the rate's steps. */
  private static void makeVersion3(Path folder) throws IOException {
    Path file = folder.resolve("run.json");
    ObjectNode run = (ObjectNode) JsonMapper.shared().readTree(Files.readString(file));
    Recipe recipe = RecordedRun.read(folder).description().recipe();
    run.put("version", 3).remove(List.of("from", "earlier"));
    run.putObject("recipe")
        .put("epochs", recipe.epochs())
        .put("batchSize", recipe.batchSize())
        .put("learningRate", recipe.learningRate())
        .put("momentum", recipe.optimiser().momentum())
        .put("weightDecay", recipe.optimiser().weightDecay())
        .put("normImages", recipe.norms().images())
        .put("normMomentum", recipe.norms().momentum())
        .put("normAverages", recipe.norms().averages().name())
        .put("augmentation", recipe.images().augmentation().name())
        .put("seed", recipe.seed());
    Files.writeString(file, run.toPrettyString());
  }

  private static void makeOlder(Path file) throws IOException {
    String text = Files.readString(file);
    String older = text.replaceAll("\"rateSteps\" ?: ?\"[^\"]*\",|\"trainTop5\" ?: ?[0-9.]+,", "");
    assertThat(older).isNotEqualTo(text);
    Files.writeString(file, older);
  }

  @Test
  void aRunWithAnotherRecipeIsLeftAlone() {
    Path taken = folder.resolve("runs/shapes/IGC-L4M2-d5-e2-s1");
    Recipe other = recipe(1).withLearningRate(0.05);
    try (TrainingRun run = start(taken, other)) {
      run.run(TrainingListener.SILENT);
    }
    Results results = reproduce(new Heard(), LONG);
    assertThat(results.cells().getFirst().runs().getFirst().folder())
        .isEqualTo("runs/shapes/IGC-L4M2-d5-e2-s1-2");
  }

  @Test
  void aRunThatIsBeingTrainedIsLeftOut() {
    Path own = folder.resolve("runs/elsewhere");
    Heard heard = new Heard();
    try (TrainingRun _ = start(own, recipe(1))) {
      assertThat(reproduce(heard, LONG).finished()).isEqualTo(3);
    }
    assertThat(heard.left).singleElement().asString().contains("another process trains it");
    assertThat(reproduce(new Heard(), LONG).finished()).isEqualTo(4);
  }

  @Test
  void aFailedRunDoesNotKeepTheOthersBack() throws IOException {
    Path own = folder.resolve("runs/damaged");
    start(own, recipe(1)).close();
    Files.writeString(own.resolve("last.safetensors"), "nonsense");
    Heard heard = new Heard();
    assertThatThrownBy(() -> reproduce(heard, LONG))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("1 of 4 runs failed: IGC-L4M2, depth 5, shapes, seed 1")
        .hasMessageContaining("last.safetensors");
    assertThat(heard.finished).hasSize(3);
  }

  @Test
  void oneProcessAtATime() {
    try (Reproduction first = open(folder)) {
      assertThat(first.overall().runs()).isEqualTo(4);
      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("another process reproduces in " + folder);
    }
    open(folder).close();
  }

  @Test
  void resultsOfAnotherExperimentAreKept() {
    reproduce(new Heard(), Duration.ZERO);
    Experiment table4 = Experiment.named("table4");
    assertThatThrownBy(
            () ->
                Reproduction.open(
                    table4,
                    Scope.ALL,
                    List.of(),
                    folder,
                    Workplace.here(Compute.threads(1)),
                    "again"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds the results of small");
  }

  @Test
  void otherDataAreRefused() {
    assertThatThrownBy(
            () ->
                Reproduction.open(
                    Experiment.named("table4"),
                    Scope.ALL,
                    List.of(DATA),
                    folder,
                    Workplace.here(Compute.threads(1)),
                    "again"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cifar10, cifar100");
  }

  @Test
  void theRecipeSaysWhatDiffersFromThePapers() {
    assertThat(reproduce(new Heard(), Duration.ZERO).data().getFirst().differences())
        .containsExactly(
            "2 epochs of the paper's 40",
            "batch normalisation over 64 images, the paper's over 32");
  }

  @Test
  void runsWithMapsOf16BitsAreOthersAndSaySo() throws IOException {
    reproduce(new Heard(), LONG);
    Scope halved =
        new Scope(
            Optional.of(1), 1, List.of(), List.of("IGC-L4M2"), Optional.of(32), Precision.BF16);
    Heard heard = new Heard();
    Results results;
    try (Reproduction reproduction = open(folder, halved)) {
      results = reproduction.run(heard, LONG);
    }

    assertThat(heard.starts).containsExactly("IGC-L4M2, depth 5, shapes, seed 1 after 0");
    assertThat(results.cells().getFirst().runs())
        .extracting(Results.Run::folder)
        .containsExactly("runs/shapes/IGC-L4M2-d5-e1-bn32-bf16-s1");
    assertThat(results.data().getFirst().ours().orElseThrow().precision())
        .isEqualTo(Precision.BF16);
    assertThat(results.data().getFirst().differences())
        .containsExactly(
            "1 epoch of the paper's 40", "feature maps as bf16, the paper's as float32");
    assertThat(Results.FORMAT.read(folder.resolve("results.json")).data())
        .isEqualTo(results.data());
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("Shapes: feature maps as bf16, the paper&#39;s as float32");
  }

  /** Keeps feature maps as 32-bit floats only, and computes nothing. */
  private record Plain() implements Backend {
    @Override
    public String name() {
      return "plain";
    }

    @Override
    public void requireDevice(String device) {}

    @Override
    public TrainingSession training(Setup setup, int threads, String device) {
      throw new UnsupportedOperationException("not asked for");
    }
  }

  @Test
  void mapsAsTheEngineCannotKeepThemAreRefusedBeforeDataAreRead() {
    Scope halved =
        new Scope(Optional.empty(), 1, List.of(), List.of(), Optional.empty(), Precision.BF16);
    Compute plain = new Compute(new Plain(), Compute.CPU, 1);
    assertThatThrownBy(
            () ->
                Reproduction.requirePossible(Experiment.named("table4"), halved, List.of(), plain))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "the engine plain cannot keep feature maps as bf16 on this machine, only as float32");
  }

  @Test
  void shardsStandForImageNetAndOtherDataAreToldOf() throws IOException {
    Experiment table6 = Experiment.named("table6");
    Scope one =
        new Scope(
            Optional.of(1),
            1,
            List.of(),
            List.of("ResNet-C64"),
            Optional.of(32),
            Precision.FLOAT32);
    Splits shards = new Splits("shards:somewhere", DATA.train(), DATA.train());
    try (Reproduction reproduction =
        Reproduction.open(
            table6, one, List.of(shards), folder, Workplace.here(Compute.threads(1)), "again")) {
      Results results = reproduction.run(new Heard(), Duration.ZERO);
      assertThat(results.wanted()).isEqualTo(1);
      assertThat(results.data().getFirst().differences())
          .containsExactly(
              "10 classes, the paper's 1,000",
              "images of 32×32 pixels, the paper's of 224×224",
              "tested on the 150 training images, the paper's on others",
              "1 epoch of the paper's 95");
      assertThat(results.cells().getFirst().figures())
          .extracting(Results.Figure::measure)
          .containsExactly(
              Measure.ERROR,
              Measure.TOP5_ERROR,
              Measure.TRAINING_ERROR,
              Measure.TRAINING_TOP5_ERROR);
    }
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("Not the paper’s data: ImageNet: 10 classes, the paper&#39;s 1,000; ImageNet: ");
    Splits again = new Splits("imagenet:elsewhere", DATA.train(), DATA.train());
    assertThatThrownBy(
            () ->
                Reproduction.open(
                    table6,
                    one,
                    List.of(shards, again),
                    folder,
                    Workplace.here(Compute.threads(1)),
                    "again"))
        .isInstanceOf(UserError.class)
        .hasMessage("imagenet is given twice");
    Splits pictures = new Splits("folder:pictures", DATA.train(), DATA.test());
    assertThatThrownBy(
            () ->
                Reproduction.open(
                    table6,
                    one,
                    List.of(pictures),
                    folder,
                    Workplace.here(Compute.threads(1)),
                    "again"))
        .isInstanceOf(UserError.class)
        .hasMessage("table6 is not about folder:pictures; its data are imagenet");
  }

  @Test
  void whatChoosesTheModelIsCalledValidation() throws IOException {
    Splits validated =
        new Splits("shapes:1", DATA.train(), DATA.test(), Part.VALIDATION, List.of());
    try (Reproduction reproduction =
        Reproduction.open(
            small(),
            TWICE,
            List.of(validated),
            folder,
            Workplace.here(Compute.threads(1)),
            "again")) {
      Results results = reproduction.run(new Heard(), LONG);
      assertThat(results.measured("shapes")).isEqualTo("validation");
    }
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains(
            "<th>validation accuracy, ours</th>",
            "<th>validation accuracy</th>",
            "<th>validation loss</th>",
            "</svg>validation</span>",
            ": validation accuracy against parameters")
        .doesNotContainIgnoringCase("test accuracy", "test loss");
  }

  /** The results without what differs from one training to the same one again. */
  static Results untimed(Results results) {
    return new Results(
        results.format(),
        results.version(),
        results.experiment(),
        results.title(),
        results.seeds(),
        results.finished(),
        results.wanted(),
        results.data(),
        results.cells().stream().map(ReproductionTest::untimed).toList());
  }

  private static Results.Outcome untimed(Results.Outcome outcome) {
    return new Results.Outcome(
        outcome.data(),
        outcome.network(),
        outcome.group(),
        outcome.body(),
        outcome.depth(),
        outcome.classes(),
        outcome.pixels(),
        outcome.parameters(),
        outcome.multiplyAdds(),
        outcome.sizes(),
        outcome.figures(),
        Optional.empty(),
        outcome.runs().stream().map(ReproductionTest::untimed).toList());
  }

  private static Results.Run untimed(Results.Run run) {
    EpochMetrics last = run.last();
    return new Results.Run(
        run.seed(),
        run.folder(),
        run.epochs(),
        run.finished(),
        run.bestAccuracy(),
        new EpochMetrics(
            last.epoch(),
            last.step(),
            last.learningRate(),
            last.trainLoss(),
            last.trainAccuracy(),
            last.trainTop5(),
            last.testLoss(),
            last.testAccuracy(),
            last.testTop5(),
            1,
            1));
  }

  private Results reproduce(Heard heard, Duration budget) {
    return reproduce(folder, heard, budget);
  }

  private static Results reproduce(Path folder, Heard heard, Duration budget) {
    try (Reproduction reproduction = open(folder)) {
      return reproduction.run(heard, budget);
    }
  }

  private static Reproduction open(Path folder) {
    return open(folder, TWICE);
  }

  private static Reproduction open(Path folder, Scope scope) {
    return Reproduction.open(
        small(), scope, List.of(DATA), folder, Workplace.here(Compute.threads(1)), "again");
  }

  static Experiment small() {
    return new Experiment(
        Experiment.FORMAT.name(),
        Experiment.FORMAT.version(),
        "small",
        "Small networks",
        List.of("Made for a test."),
        "stages",
        List.of(5),
        List.of(new Experiment.Group("", List.of("IGC-L4M2", "RegConv-W4"))),
        List.of(
            new Experiment.Data(
                "shapes",
                "Shapes",
                10,
                32,
                new PaperRecipe(
                    40, List.of(20, 30, 35), 64, 0.1, 32, Augmentation.CROP_AND_MIRROR))),
        List.of(new Experiment.Row("shapes", 5, Measure.ACCURACY, List.of("50.00 ± 1.00", ""))),
        List.of(
            new Experiment.Sizes(Quantity.PARAMETERS, 3, "shapes", 5, List.of("2.354", "5.0"))));
  }

  private static Recipe recipe(long seed) {
    return Recipe.paper(false, 2, Augmentation.CROP_AND_MIRROR, seed);
  }

  private static TrainingRun start(Path folder, Recipe recipe) {
    Splits elsewhere = new Splits("shapes:01", DATA.train(), DATA.test());
    return TrainingRun.start(
        folder, Architecture.cifar("IGC-L4M2", 5, 10), elsewhere, recipe, Compute.threads(1));
  }
}
