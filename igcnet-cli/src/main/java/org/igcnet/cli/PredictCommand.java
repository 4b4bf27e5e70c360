package org.igcnet.cli;

import java.nio.file.Path;
import java.util.List;
import org.igcnet.UserError;
import org.igcnet.model.Classifier;
import org.igcnet.model.Classifier.Classification;
import org.igcnet.model.Classifier.Prediction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet predict}: what pictures show. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Say what pictures show: PNG, JPEG, BMP, GIF or lossless WebP of any size.",
      "The middle of each is cut out square and resized to what the network takes."
    },
    footer = {"", "Example:", "  igcnet predict runs/a cat.png dog.jpg --top 3"})
final class PredictCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "MODEL", description = "Model folder; a run folder is one.")
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PICTURE", description = "The pictures.")
  private List<Path> pictures = List.of();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "Classes to show, the most probable first (default: ${DEFAULT-VALUE}).")
  private int top;

  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  PredictCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (top < 1) {
      throw new UserError("--top is %d; it must be at least 1".formatted(top));
    }
    try (Classifier classifier = Classifier.open(folder, compute.threads())) {
      // All pictures before the first line, so that a bad one leaves nothing half said.
      List<Classification> all = pictures.stream().map(classifier::classify).toList();
      if (json.wanted()) {
        console.json(all.stream().map(this::document).toList());
      } else {
        all.forEach(this::print);
      }
    }
  }

  private void print(Classification classification) {
    console.out().printf("%s (%s)%n", classification.file(), classification.resizing());
    for (Prediction prediction : best(classification)) {
      console.out().printf("  %6.2f%%  %s%n", 100 * prediction.probability(), prediction.label());
    }
  }

  private List<Prediction> best(Classification classification) {
    return classification.predictions().stream().limit(top).toList();
  }

  private Document document(Classification classification) {
    return new Document(
        classification.file().toString(),
        classification.resizing().toString(),
        best(classification));
  }

  /** One element of what {@code --json} prints. */
  private record Document(String file, String resized, List<Prediction> predictions) {}
}
