package org.igcnet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.cli.Answer.Damaged;
import org.igcnet.cli.Answer.Prediction;
import org.igcnet.cli.Answer.Shown;
import org.igcnet.cli.ProgressLine.Status;
import org.igcnet.data.Picture;
import org.igcnet.files.WholeFile;
import org.igcnet.model.ImageClassifier;
import org.igcnet.model.Labels;
import org.igcnet.model.ModelFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
      "  ${ROOT-COMMAND-NAME} predict --pretrained igc-l24m2-d8-cifar10 cat.png",
      "  ${ROOT-COMMAND-NAME} predict runs/a photos --json",
      "  ${ROOT-COMMAND-NAME} predict runs/a photos --csv photos.csv   (a folder, and all folders in it)"
    })
final class PredictCommand implements Callable<Integer>, Remedy.Smaller {
  /** Pictures that wait or are done for each that is computed. */
  private static final int IN_HAND = 16;

  /** The first picture where the model is named. */
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "MODEL",
      description = "Model folder; a run folder is one. Not with --pretrained.")
  private @Nullable Path first;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "PICTURE",
      description = "Pictures, or folders: all pictures below them.")
  private List<Path> others = List.of();

  @Mixin private final PretrainedOption pretrained = new PretrainedOption();

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "Classes to show, the most probable first (default: ${DEFAULT-VALUE}).")
  private int top;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description =
          "Write a table in place of text: a row for each picture, with its file, label and probability, the next labels, and why it could not be read.")
  private @Nullable Path csv;

  @Mixin private final ViewsOption views = new ViewsOption();
  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Set by picocli. */
  @SuppressWarnings("NullAway.Init")
  @Spec
  private CommandSpec spec;

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
    ModelSource source = source();
    requireSense();
    try (ImageClassifier classifier = classifier(source)) {
      List<Path> files = files();
      long damaged =
          csv != null
              ? table(classifier, files, csv)
              : json.wanted() ? document(classifier, files) : text(classifier, files);
      if (damaged > 0 && (files.size() > 1 || csv != null)) {
        console.say(
            "igcnet: %,d of %,d pictures could not be read%s"
                .formatted(damaged, files.size(), csv == null ? "" : "; the table says why"));
      }
      return damaged == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
  }

  private ImageClassifier classifier(ModelSource source) {
    Compute on = Compute.threads(compute.threads());
    return ImageClassifier.of(source.read(), on, views.chosen());
  }

  /** The word before the pictures is the model's folder, unless the model is named. */
  private ModelSource source() {
    if (first == null || pictures().isEmpty()) {
      throw UsageMistake.missing(
          spec.commandLine(),
          pretrained.given() ? "PICTURE" : "MODEL or --pretrained NAME, and PICTURE");
    }
    if (Files.exists(first.resolve(ModelFolder.DESCRIPTION))) {
      pretrained.requireNone(first);
    }
    Path folder = first;
    return pretrained.source().orElseGet(() -> new ModelSource.Folder(folder));
  }

  private List<Path> pictures() {
    return pretrained.given()
        ? Stream.concat(Stream.ofNullable(first), others.stream()).toList()
        : others;
  }

  private void requireSense() {
    if (top < 1) {
      throw new UsageMistake("--top is %d; it must be at least 1".formatted(top));
    }
    if (csv != null && json.wanted()) {
      throw new UsageMistake(
          "--csv and --json are two forms of the same answers; one of them would be right");
    }
    if (csv != null) {
      requireTable(csv);
      WholeFile.requireWritable(csv);
    }
  }

  /**
   * Refuses a picture's name, which {@code --csv photos/*.png} gives, and pictures of which none is
   * there, whose table would take the place of an earlier one.
   */
  private void requireTable(Path file) {
    if (Picture.isNamed(file)) {
      throw new UsageMistake(
          "--csv %s would write a table into a picture; a name such as pictures.csv would be right"
              .formatted(file));
    }
    if (pictures().stream().noneMatch(Files::exists)) {
      throw new UserError(
          UserError.Kind.MISSING,
          "%s does not exist, so there is nothing to write a table of"
              .formatted(pictures().getFirst()));
    }
  }

  /** Of folders their pictures; what is none stands for itself, so that reading it says why. */
  private List<Path> files() {
    try (WorkProgress progress = new WorkProgress(console)) {
      return pictures().stream()
          .map(picture -> csv == null ? picture : AnswerTable.harmless(picture))
          .flatMap(
              picture ->
                  Files.isDirectory(picture)
                      ? Picture.below(picture, progress).stream()
                      : Stream.of(picture))
          .toList();
    }
  }

  private long text(ImageClassifier classifier, List<Path> files) {
    return predict(
        classifier,
        files,
        (answer, line) -> {
          line.wipe();
          switch (answer) {
            case Shown shown -> print(shown);
            case Damaged damaged -> console.say("igcnet: " + damaged.error());
          }
        });
  }

  private void print(Shown shown) {
    console.out().printf("%s (%s)%n", shown.file(), shown.resized());
    for (Prediction prediction : shown.predictions()) {
      console.out().printf("  %6.2f%%  %s%n", 100 * prediction.probability(), prediction.label());
    }
  }

  private long document(ImageClassifier classifier, List<Path> files) {
    List<Answer> all = new ArrayList<>();
    long damaged =
        predict(
            classifier,
            files,
            (answer, line) -> {
              all.add(answer);
              if (answer instanceof Damaged(_, String error)) {
                line.wipe();
                console.say("igcnet: " + error);
              }
            });
    console.json(all);
    return damaged;
  }

  /** A file that is not whole yet goes when a signal ends the program. */
  private long table(ImageClassifier classifier, List<Path> files, Path file) {
    WholeFile.aside(file).toFile().deleteOnExit();
    AtomicLong damaged = new AtomicLong();
    WholeFile.write(
        file,
        out -> {
          AnswerTable table = new AnswerTable(out, Math.min(top, classifier.classes().size()));
          damaged.set(predict(classifier, files, (answer, _) -> table.add(answer)));
          table.end();
        });
    if (!WholeFile.isStream(file)) {
      console.out().printf("%,d pictures are in %s.%n", files.size(), file);
    }
    return damaged.get();
  }

  /** Takes answers one by one, in the order of the pictures. */
  @FunctionalInterface
  private interface Taker<E extends Exception> {
    /**
     * @param line on which it stands how far it is, to be wiped before anything is written
     */
    void take(Answer answer, ProgressLine line) throws E;
  }

  /** Classifies all, and keeps none: says how many are damaged. */
  private <E extends Exception> long predict(
      ImageClassifier classifier, List<Path> files, Taker<E> taker) throws E {
    long damaged = 0;
    long done = 0;
    try (ProgressLine line = new ProgressLine(console)) {
      long began = System.nanoTime();
      Iterator<Answer> answers = answers(classifier, files).iterator();
      while (answers.hasNext()) {
        Answer answer = answers.next();
        taker.take(answer, line);
        damaged += answer instanceof Damaged ? 1 : 0;
        long now = ++done;
        double seconds = (System.nanoTime() - began) / 1e9;
        line.show(() -> Status.counted("predicting", now, files.size(), "pictures", seconds));
      }
    }
    return damaged;
  }

  /**
   * In the order of the files. Each thread has several in hand, so that the others go on while one
   * of them takes long.
   */
  private Stream<Answer> answers(ImageClassifier classifier, List<Path> files) {
    Semaphore turns = new Semaphore(classifier.threads(), true);
    return files.stream()
        .gather(
            Gatherers.mapConcurrent(
                IN_HAND * classifier.threads(),
                file -> {
                  turns.acquireUninterruptibly();
                  try {
                    return answer(classifier, file);
                  } finally {
                    turns.release();
                  }
                }));
  }

  private Answer answer(ImageClassifier classifier, Path file) {
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
}
