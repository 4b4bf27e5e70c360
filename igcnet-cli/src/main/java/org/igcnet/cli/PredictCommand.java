package org.igcnet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.cli.ProgressLine.Status;
import org.igcnet.data.Picture;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet predict}: what pictures show. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Say what pictures show: PNG, JPEG, BMP, GIF or lossless WebP of any size.",
      "The middle of each is cut out square and resized to what the network takes.",
      "A picture that cannot be read is told of and passed over; the exit code is then 1."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} predict runs/a cat.png dog.jpg --top 3",
      "  ${ROOT-COMMAND-NAME} predict runs/a photos --json"
    })
final class PredictCommand implements Callable<Integer>, Remedy.Smaller {
  @Parameters(index = "0", paramLabel = "MODEL", description = "Model folder; a run folder is one.")
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PICTURE",
      description = "Pictures, or folders: all pictures below them.")
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
  public Optional<String> smaller() {
    return Optional.of("a smaller picture, or fewer --threads,");
  }

  @Override
  public Integer call() {
    if (top < 1) {
      throw new UsageMistake("--top is %d; it must be at least 1".formatted(top));
    }
    try (ImageClassifier classifier = ImageClassifier.load(folder, compute.threads())) {
      List<Answer> all = found(classifier);
      if (json.wanted()) {
        console.json(all);
      }
      long damaged = all.stream().filter(Damaged.class::isInstance).count();
      if (damaged > 0 && all.size() > 1) {
        console.say("igcnet: %,d of %,d pictures could not be read".formatted(damaged, all.size()));
      }
      return damaged == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  /** Classifies all, and unless JSON is wanted, says of each what it shows. */
  private List<Answer> found(ImageClassifier classifier) {
    List<Answer> all = new ArrayList<>();
    List<Path> files = files();
    try (ProgressLine line = new ProgressLine(console)) {
      long began = System.nanoTime();
      Iterator<Answer> answers =
          files.stream()
              .gather(
                  Gatherers.mapConcurrent(classifier.threads(), file -> found(classifier, file)))
              .iterator();
      while (answers.hasNext()) {
        Answer found = answers.next();
        if (found instanceof Damaged(_, String error)) {
          line.wipe();
          console.say("igcnet: " + error);
        } else if (found instanceof Shown shown && !json.wanted()) {
          line.wipe();
          print(shown);
        }
        all.add(found);
        double seconds = (System.nanoTime() - began) / 1e9;
        line.show(
            () -> Status.counted("predicting", all.size(), files.size(), "pictures", seconds));
      }
    }
    return all;
  }

  /** Of folders their pictures; what is none stands for itself, so that reading it says why. */
  private List<Path> files() {
    try (WorkProgress progress = new WorkProgress(console)) {
      return pictures.stream()
          .flatMap(
              picture ->
                  Files.isDirectory(picture)
                      ? Picture.below(picture, progress).stream()
                      : Stream.of(picture))
          .toList();
    }
  }

  private Answer found(ImageClassifier classifier, Path file) {
    try {
      Labels labels = classifier.classify(file);
      return new Shown(
          file.toString(),
          labels.resizing().toString(),
          labels.top(top).stream()
              .map(label -> new Prediction(label.name(), label.probability()))
              .toList());
    } catch (UserError damaged) {
      return new Damaged(file.toString(), String.valueOf(damaged.getMessage()));
    }
  }

  private void print(Shown shown) {
    console.out().printf("%s (%s)%n", shown.file(), shown.resized());
    for (Prediction prediction : shown.predictions()) {
      console.out().printf("  %6.2f%%  %s%n", 100 * prediction.probability(), prediction.label());
    }
  }

  /** One element of what {@code --json} prints. */
  private sealed interface Answer {}

  private record Shown(String file, String resized, List<Prediction> predictions)
      implements Answer {}

  private record Prediction(String label, double probability) {}

  private record Damaged(String file, String error) implements Answer {}
}
