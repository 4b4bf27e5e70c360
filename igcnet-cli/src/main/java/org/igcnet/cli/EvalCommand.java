package org.igcnet.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.data.BatchStream;
import org.igcnet.data.Scored;
import org.igcnet.data.TrainingData;
import org.igcnet.engine.Compute;
import org.igcnet.engine.Predictor;
import org.igcnet.model.Evaluation;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.RecordedRun;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
      "  igcnet eval runs/a",
      "  igcnet eval runs/a --data cifar10:DIR",
      "  igcnet eval runs/a --data folder:DIR   (class folders of pictures that it has not seen)"
    })
final class EvalCommand implements Runnable, Remedy.Smaller {
  /** Images that are computed at a time. */
  private static final int BATCH = 64;

  @Parameters(paramLabel = "MODEL", description = "Model folder; a run folder is one.")
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description = DataOptions.KINDS + " (default: what it was trained on).")
  private @Nullable String data;

  @Mixin private final DataOptions dataOptions = new DataOptions();

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
    Model model = ModelFolder.read(folder);
    TrainingData remembered = RecordedRun.data(folder, model);
    Scored scored =
        data == null
            ? remembered.toScore(dataOptions::with)
            : remembered.toScore(dataOptions.spec(data));
    scored.leftAlone().forEach(some -> console.say("left alone: " + some));
    List<String> skipped = new ArrayList<>();
    Evaluation result = evaluate(model, scored, on, skipped);
    skipped.forEach(sentence -> console.say("left out: " + sentence));
    if (json.wanted()) {
      console.json(
          new Document(
              folder.toString(),
              scored.spec(),
              result.images(),
              skipped.size(),
              result.accuracy(),
              result.top5(),
              result.loss()));
      return;
    }
    console
        .out()
        .printf(
            "%s on %s%n%naccuracy %6.2f%%%ntop-5    %6.2f%%%nloss     %8.4f%nimages   %,6d%n",
            model.architecture(),
            scored,
            result.accuracy(),
            result.top5(),
            result.loss(),
            result.images());
  }

  private Evaluation evaluate(Model model, Scored scored, Compute on, List<String> skipped) {
    try (Predictor predictor = model.predictor(BATCH, on);
        BatchStream batches = BatchStream.inOrder(scored.images(), model.normalization(), BATCH)) {
      Evaluation result = Evaluation.of(predictor, batches);
      skipped.addAll(batches.skipped());
      return result;
    }
  }

  /** What {@code --json} prints; accuracies are in percent. */
  private record Document(
      String model,
      String data,
      long images,
      int skipped,
      double accuracy,
      double top5,
      double loss) {}
}
