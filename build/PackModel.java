import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.cli.TrainLine;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Part;
import org.igcnet.data.Splits;
import org.igcnet.files.Sha256;
import org.igcnet.model.Model;
import org.igcnet.model.ModelCard;
import org.igcnet.model.ModelFolder;
import org.igcnet.model.Origin;
import org.igcnet.model.ShelfFolder;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.Recipe;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.RunDescription;

/**
 * Puts the model of a finished run among the trained networks of a shelf, with its card. All that
 * the card says is read from the run. {@code build/models} runs this.
 */
final class PackModel {
  private PackModel() {}

  public static void main(String[] words) throws IOException {
    try {
      ModelCard card = pack(Path.of(words[0]), words[1], Path.of(words[2]));
      System.out.printf(
          "%s: %.2f%% of %,d test images%n",
          card.name(), card.score().accuracy(), card.score().images());
    } catch (UserError refused) {
      System.err.println("build/models: " + refused.getMessage());
      System.exit(1);
    }
  }

  private static ModelCard pack(Path folder, String name, Path shelf) throws IOException {
    RecordedRun run = RecordedRun.read(folder);
    RunDescription description = run.description();
    if (!run.finished()) {
      throw new UserError(
          "%s has %d epochs of %d: its training has not come to its end"
              .formatted(folder, run.metrics().size(), description.recipe().epochs()));
    }
    if (!description.tested().equals(Optional.of(Part.APART))) {
      throw new UserError(
          "%s was not tested on a test set, whose accuracy a card tells".formatted(folder));
    }
    Model model = ModelFolder.read(folder);
    ModelCard.Score score = score(run, model);
    String data = Splits.kind(description.data());
    return ShelfFolder.put(
        shelf, name, withoutPlace(model, data), training(run, model, data), score, licence(data));
  }

  private static ModelCard.Score score(RecordedRun run, Model model) {
    EpochMetrics best = run.best().orElseThrow();
    if (model.origin().epochs() != best.epoch()
        || model.origin().accuracy() != best.testAccuracy()) {
      throw new UserError(
          "the model in %s is not that of its best epoch, %d"
              .formatted(run.folder(), best.epoch()));
    }
    return new ModelCard.Score(
        best.testAccuracy(),
        best.epoch(),
        run.metrics().getLast().testAccuracy(),
        run.description().dataFacts().testImages());
  }

  private static ModelCard.Training training(RecordedRun run, Model model, String data)
      throws IOException {
    Recipe recipe = run.description().recipe();
    return new ModelCard.Training(
        data,
        recipe.epochs(),
        recipe.seed(),
        words(recipe),
        command(run.description(), data),
        run(run, model),
        LocalDate.ofInstant(
                Files.getLastModifiedTime(run.folder().resolve("metrics.jsonl")).toInstant(),
                ZoneOffset.UTC)
            .toString(),
        model.origin().versions());
  }

  /** A model that was taken before its run got more epochs tells of fewer. */
  private static String run(RecordedRun run, Model model) throws IOException {
    String now = Sha256.of(Files.readAllBytes(run.folder().resolve("run.json")));
    if (!model.origin().run().equals(Optional.of(now))) {
      throw new UserError(
          "the model in %s was made by another run.json than the one beside it"
              .formatted(run.folder()));
    }
    return now;
  }

  /** Where the data lay on the machine that trained is nobody's business. */
  private static Model withoutPlace(Model model, String data) {
    Origin origin = model.origin();
    return new Model(
        model.architecture(),
        model.classes(),
        model.framing(),
        model.normalization(),
        new Origin(
            data,
            origin.epochs(),
            origin.accuracy(),
            origin.recipe(),
            origin.versions(),
            origin.run(),
            origin.listing()),
        model.weights());
  }

  private static String command(RunDescription description, String data) {
    TrainLine line = TrainLine.of(description);
    if (!line.unsaid().isEmpty()) {
      throw new UserError(
          "no command repeats the training, as none can say %s"
              .formatted(String.join(", nor ", line.unsaid())));
    }
    List<String> words = new ArrayList<>(line.words());
    if (!data.equals("shapes")) {
      words.set(words.indexOf("--data") + 1, data + ":DIR");
    }
    return "igcnet " + String.join(" ", words);
  }

  /** What is not off. */
  private static String words(Recipe recipe) {
    List<String> words = new ArrayList<>();
    words.add("%d epochs in steps of %d images".formatted(recipe.epochs(), recipe.batchSize()));
    words.add("learning rate %s, %s".formatted(recipe.learningRate(), recipe.schedule()));
    words.add(
        "Nesterov momentum %s, weight decay %s"
            .formatted(
                recipe.optimiser().momentum(),
                BigDecimal.valueOf(recipe.optimiser().weightDecay())
                    .stripTrailingZeros()
                    .toPlainString()));
    words.add("batch norm over %d images".formatted(recipe.norms().images()));
    ImageRecipe images = recipe.images();
    words.add(
        switch (images.augmentation()) {
          case CROP_AND_MIRROR -> "images shifted and mirrored";
          case SCALE_AND_MIRROR -> "parts of pictures, resized and mirrored";
          case NONE -> "images as they are";
        });
    unlessOff(words, "cutout of %s pixels", images.cutout());
    unlessOff(words, "random erasing of %s", images.erasing());
    unlessOff(words, "mixup with α = %s", images.mixup());
    unlessOff(words, "CutMix with α = %s", images.cutmix());
    unlessOff(words, "label smoothing %s", images.labelSmoothing());
    unlessOff(words, "an average of the weights that keeps %s of itself", recipe.averageDecay());
    unlessOff(words, "gradients of a norm of at most %s", recipe.optimiser().gradientLimit());
    if (recipe.optimiser().normRate() != 1) {
      words.add("batch norm's learning rate times %s".formatted(recipe.optimiser().normRate()));
    }
    if (images.balanced()) {
      words.add("classes balanced");
    }
    unlessOff(words, "at an end after %s epochs without a better test", recipe.patience());
    return String.join("; ", words);
  }

  private static void unlessOff(List<String> words, String what, Number value) {
    if (value.doubleValue() != 0) {
      words.add(what.formatted(value));
    }
  }

  private static String licence(String data) {
    return switch (data) {
      case "cifar10", "cifar100" ->
          "Apache 2.0, as all of IGCNet. The data's owners gave CIFAR no licence; they ask to cite Alex Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.";
      case "shapes" -> "Apache 2.0, as all of IGCNet, which draws the data itself.";
      default -> throw new UserError("it is not known what the owners of '%s' say".formatted(data));
    };
  }
}
