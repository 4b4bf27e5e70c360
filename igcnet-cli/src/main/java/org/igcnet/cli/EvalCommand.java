package org.igcnet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.cli.ProgressLine.Status;
import org.igcnet.data.Scored;
import org.igcnet.data.TrainingData;
import org.igcnet.data.Views;
import org.igcnet.model.Evaluation;
import org.igcnet.model.Model;
import org.igcnet.model.TestListener;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code igcnet eval}: how well a trained network does on a test set. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a trained network on labelled images. Of the pictures that it was trained on these are",
      "the ones that were held out; of other data the test set where one lies apart, else all."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} eval runs/a",
      "  ${ROOT-COMMAND-NAME} eval runs/a --data cifar10:DIR --views mirror",
      "  ${ROOT-COMMAND-NAME} eval --pretrained igc-l24m2-d8-cifar10 --data cifar10:DIR",
      "  ${ROOT-COMMAND-NAME} eval runs/a --data folder:DIR   (class folders of pictures that it has not seen)"
    })
final class EvalCommand implements Runnable, Remedy.Smaller {
  private static final int TOP = 5;

  @Mixin private final ModelOptions models = new ModelOptions();

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = DataOptions.KINDS + " (default: what it was trained on).")
  private @Nullable String data;

  @Mixin private final DataOptions dataOptions = new DataOptions();

  @Mixin private final ViewsOption views = new ViewsOption();
  @Mixin private final EngineOptions engine = new EngineOptions();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  EvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Optional<String> smaller() {
    return Optional.of("fewer --threads");
  }

  @Override
  public void run() {
    Compute on = engine.compute(compute.threads());
    ModelSource source = models.source();
    Model model = source.read();
    TrainingData remembered = source.trainingData(model);
    Scored scored = open(remembered);
    scored.leftAlone().forEach(some -> console.say("left alone: " + some));
    List<String> skipped = new ArrayList<>();
    Evaluation result = evaluate(model, scored, on, skipped);
    skipped.forEach(sentence -> console.say("left out: " + sentence));
    if (json.wanted()) {
      console.json(
          EvalDocument.of(source, scored, views.chosen(), result, skipped.size(), model.classes()));
    } else {
      print(model, scored, result);
    }
  }

  private Scored open(TrainingData remembered) {
    try (WorkProgress progress = new WorkProgress(console)) {
      return data == null
          ? remembered.toScore(dataOptions::with, progress)
          : remembered.toScore(dataOptions.spec(data), progress);
    }
  }

  private void print(Model model, Scored scored, Evaluation result) {
    console.out().printf("%s on %s%s%n%n", model.architecture(), scored, told(views.chosen()));
    console
        .out()
        .printf(
            "accuracy %6.2f%%, %,d of %,d%n", result.accuracy(), result.correct(), result.images());
    if (tellsTop5(model.classes())) {
      console.out().printf("top-5    %6.2f%%%n", result.top5());
    }
    console.out().printf("loss     %8.4f%nimages   %,6d%n%n", result.loss(), result.images());
    Table table =
        new Table(
            Table.Column.text("class"),
            Table.Column.number("accuracy"),
            Table.Column.number("correct"),
            Table.Column.number("images"));
    for (ClassDocument one : ClassDocument.of(model.classes(), result)) {
      table.row(
          one.name(),
          one.accuracy() == null ? "–" : "%.2f%%".formatted(one.accuracy()),
          "%,d".formatted(one.correct()),
          "%,d".formatted(one.images()));
    }
    console.out().println(table);
  }

  private static String told(Views shown) {
    return switch (shown) {
      case ONE -> "";
      case MIRROR -> ", each image and its mirror image";
      case CROPS -> ", ten views of each image";
    };
  }

  /** Of five classes or fewer every label is among the first five. */
  private static boolean tellsTop5(List<String> classes) {
    return classes.size() > TOP;
  }

  private Evaluation evaluate(Model model, Scored scored, Compute on, List<String> skipped) {
    try (ProgressLine line = new ProgressLine(console)) {
      TestProgress progress = new TestProgress(line, scored.images().size(), skipped);
      return Evaluation.of(model, scored.images(), views.chosen(), on, progress);
    }
  }

  private record TestProgress(ProgressLine line, int all, long began, List<String> left)
      implements TestListener {
    TestProgress(ProgressLine line, int all, List<String> left) {
      this(line, all, System.nanoTime(), left);
    }

    @Override
    public void tested(long images) {
      double seconds = (System.nanoTime() - began) / 1e9;
      line.show(() -> Status.counted("testing", images, all, "images", seconds));
    }

    @Override
    public void skipped(String sentence) {
      left.add(sentence);
    }
  }

  /**
   * What {@code --json} prints; accuracies are in percent.
   *
   * @param top5 null of five classes or fewer, where it would say nothing
   */
  private record EvalDocument(
      String model,
      String data,
      Views views,
      long images,
      int skipped,
      long correct,
      double accuracy,
      @Nullable Double top5,
      double loss,
      List<ClassDocument> classes) {
    static EvalDocument of(
        ModelSource source,
        Scored scored,
        Views views,
        Evaluation result,
        int skipped,
        List<String> classes) {
      return new EvalDocument(
          source.toString(),
          scored.spec(),
          views,
          result.images(),
          skipped,
          result.correct(),
          result.accuracy(),
          tellsTop5(classes) ? result.top5() : null,
          result.loss(),
          ClassDocument.of(classes, result));
    }
  }

  /**
   * How well one class is told.
   *
   * @param accuracy null where no image is of it
   */
  private record ClassDocument(String name, long images, long correct, @Nullable Double accuracy) {
    static List<ClassDocument> of(List<String> names, Evaluation result) {
      List<ClassDocument> all = new ArrayList<>();
      for (Evaluation.OfClass one : result.classes()) {
        all.add(
            new ClassDocument(
                names.get(all.size()),
                one.images(),
                one.correct(),
                one.images() == 0 ? null : 100.0 * one.correct() / one.images()));
      }
      return all;
    }
  }
}
