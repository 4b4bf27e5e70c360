package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Shapes;
import org.igcnet.data.Splits;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Recipe;
import org.igcnet.train.RunDescription;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kinds of pages, of small trainings. */
class PageTest {
  private static final Splits DATA = new Splits("shapes", Shapes.train(0, 150), Shapes.test(0, 70));

  /** What a browser would fetch something for. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?:src|href|action|srcset)\\s*=\\s*\"([^\"]*)\"|url\\(|@import|fetch\\(");

  private static final String MARKUP = "<script>alert(1)</script> & \"more\"";

  @TempDir static Path folder;

  private static Path reproduction;
  private static Path runs;

  @BeforeAll
  static void write() throws IOException {
    reproduction = Files.createDirectory(folder.resolve("reproduction"));
    Experiment small = ReproductionTest.small();
    Experiment odd =
        new Experiment(
            small.format(),
            small.version(),
            small.name(),
            MARKUP,
            List.of("A note: " + MARKUP),
            small.body(),
            small.depths(),
            List.of(
                new Experiment.Group("(a) " + MARKUP, List.of("IGC-L4M2", "IGC-L2M4")),
                new Experiment.Group("(b)", List.of("RegConv-W4"))),
            small.data(),
            List.of(
                new Experiment.Row(
                    "shapes", 5, Measure.ACCURACY, List.of("50.00 ± 1.00", "12", "11"))),
            List.of());
    Scope scope =
        new Scope(Optional.of(2), 2, List.of(), List.of(), Optional.empty(), Precision.FLOAT32);
    try (Reproduction all =
        Reproduction.open(
            odd, scope, List.of(DATA), reproduction, Workplace.here(Compute.threads(2)), "again")) {
      all.run(new Silent(), Duration.ofHours(1));
    }
    // The built-in pictures have to be those that the run's own name opens.
    runs = folder.resolve("run");
    Recipe recipe = Recipe.paper(false, 1, Augmentation.NONE, 1);
    try (TrainingRun run =
        TrainingRun.start(
            runs,
            Architecture.cifar("IGC-L4M2", 5, 10),
            new Splits("shapes", Shapes.train(0, 500), DATA.test()),
            recipe,
            Compute.threads(2))) {
      run.run(TrainingListener.SILENT);
    }
    new RunsReport(List.of(runs), runs.resolve("report.html"), PageTest::again)
        .write(Optional.of(DataSpec.parse("shapes")), Compute.threads(2), new SilentReport());
  }

  private static Repeat again(RunDescription run) {
    return new Repeat("train " + run.network() + " " + MARKUP, List.of("what <b>is</b> unsaid"));
  }

  private static Stream<Path> pages() {
    return Stream.of(reproduction.resolve("report.html"), runs.resolve("report.html"));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPageNeedsNothingButItself(Path page) throws IOException {
    List<String> references =
        REFERENCE.matcher(Files.readString(page)).results().map(found -> found.group()).toList();
    assertThat(references)
        .isNotEmpty()
        .allMatch(found -> found.contains("=\"data:") || found.contains("=\"#"));
    assertThat(Files.readString(page)).doesNotContain("http:", "https:", "=\"//");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aBrowserLoadsItWithoutAnError(Path page) throws Exception {
    Chromium.Loaded loaded = Chromium.load(page);
    assertThat(loaded.console()).isEmpty();
    assertThat(loaded.dom()).contains("data-ready=\"yes\"");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void allColumnsAreInViewOnADesk(Path page) throws Exception {
    PageMeasure measure = PageMeasure.of(page, 1280, false);
    assertThat(measure.overflow()).isZero();
    assertThat(measure.tables()).isNotEmpty().allMatch(box -> box.hidden() <= 0);
    assertThat(measure.plots()).isNotEmpty().allMatch(width -> width <= 570);
    assertThat(measure.contrast()).as(measure.faintest()).isGreaterThan(4.5);
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aPhoneShowsItAllBelowEachOtherAndWhatMattersFirst(Path page) throws Exception {
    PageMeasure measure = PageMeasure.of(page, 390, true);
    assertThat(measure.overflow()).isZero();
    assertThat(measure.plots()).allMatch(width -> width <= 390);
    assertThat(measure.heads().getFirst().get(1)).matches("D|Test accuracy, best");
    assertThat(measure.heads().getFirst().get(2)).matches("test accuracy, ours|last");
    assertThat(measure.epochs()).isNotEmpty().allMatch(epoch -> epoch.matches("[0-9]+"));
    if (measure.nearest() != null) {
      assertThat(measure.nearest()).isGreaterThan(1);
    }
    assertThat(measure.contrast()).as(measure.faintest()).isGreaterThan(4.5);
  }

  @Test
  void whatIsTextStaysText() throws IOException {
    assertThat(Files.readString(reproduction.resolve("report.html")))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;")
        .doesNotContain("<script>alert");
    assertThat(Files.readString(runs.resolve("report.html")))
        .contains("<span>train IGC-L4M2 &lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("what &lt;b&gt;is&lt;/b&gt; unsaid")
        .doesNotContain("<script>alert", "<b>is");
  }

  @Test
  void oursStandBesideThePapersAndAShorterRecipeIsLoud() throws IOException {
    String page = Files.readString(reproduction.resolve("report.html"));
    assertThat(page)
        .contains("A shorter recipe than the paper’s: Shapes: 2 epochs of 40")
        .contains("6 of 6 runs finished, 2 seeds")
        .contains("50.00 ± 1.00")
        .containsPattern("<span class=\"(better|worse|same)\">[+-][0-9.]+</span>")
        .containsPattern("at depth 5, [0-3] of 3 pairs of networks stand in it")
        .contains("Shapes: test accuracy against M, (a) ")
        .contains("Shapes: ours against the paper&#39;s")
        .contains("Shapes: test accuracy against parameters")
        .contains("Shapes: test accuracy against multiply-adds an image")
        .contains("Shapes: test accuracy against training images a second, measured")
        .contains("data-name=\"RegConv-W4, seed 2, training\"")
        .contains("batch normalisation over 64 images, the paper&#39;s over 32");
  }

  @Test
  void aRunShowsWhatItsModelDoes() throws IOException {
    String page = Files.readString(runs.resolve("report.html"));
    assertThat(page)
        .contains("Confusion matrix of " + runs)
        .contains("images of disc are taken for ")
        .contains("taken for</span>")
        .containsPattern("<span class=\"name\">image [0-9]+</span>")
        .contains("<th>recall, %</th><th>precision, %</th><th>images</th>")
        .doesNotContain("data-renew=\"")
        .contains("data:image/png;base64,")
        .contains("primary 4 × 2→2 → secondary 2 × 4→4")
        .contains("32 outputs × 32 inputs, composite".replace("32", "8"))
        .contains("of equation 6");
  }

  @Test
  void whatARunReportTellsIsWhatEvalMeasures() {
    RunsReport.Found found =
        new RunsReport(List.of(runs), folder.resolve("again.html"), PageTest::again)
            .write(Optional.empty(), Compute.threads(1), new SilentReport())
            .getFirst();
    assertThat(found.images()).isEqualTo(2000);
    assertThat(found.kind()).isEqualTo("test images");
    assertThat(found.network()).isEqualTo("IGC-L4M2");
    assertThat(found.accuracy()).isBetween(5.0, 60.0);
  }

  private static final class Silent implements ReproductionListener {
    @Override
    public void starting(Trial trial, int epochsDone, Overall overall) {}

    @Override
    public void batch(Trial trial, TrainingListener.BatchProgress progress, Overall overall) {}

    @Override
    public void finished(Trial trial, EpochMetrics last, Overall overall) {}

    @Override
    public void leftOut(Trial trial, String why) {}
  }
}
