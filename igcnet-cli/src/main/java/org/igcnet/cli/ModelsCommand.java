package org.igcnet.cli;

import java.util.List;
import org.igcnet.model.ModelCard;
import org.igcnet.model.Pretrained;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code igcnet models}: the trained networks that come with the program. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = {
      "List the trained networks that come with the program, or show the card of one:",
      "how it was trained, how well it does, and the checksums of its files.",
      "predict, eval, serve, export and train take one with --pretrained NAME."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} models",
      "  ${ROOT-COMMAND-NAME} models igc-l24m2-d8-cifar10",
      "  ${ROOT-COMMAND-NAME} predict --pretrained igc-l24m2-d8-cifar10 cat.png"
    })
final class ModelsCommand implements Runnable {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "The network whose card to show (default: a table of all).")
  private @Nullable String name;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  ModelsCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (name == null) {
      list(Pretrained.all().stream().map(Pretrained::card).toList());
    } else {
      show(PretrainedOption.named(name).card());
    }
  }

  private void list(List<ModelCard> cards) {
    if (json.wanted()) {
      console.json(new ModelsDocument(cards));
      return;
    }
    Table table =
        new Table(
            Table.Column.text("name"),
            Table.Column.text("network"),
            Table.Column.number("depth"),
            Table.Column.text("data"),
            Table.Column.number("accuracy"),
            Table.Column.number("parameters"),
            Table.Column.number("size"));
    for (ModelCard card : cards) {
      table.row(
          card.name(),
          card.network(),
          String.valueOf(card.depth()),
          card.training().data(),
          "%.2f%%".formatted(card.score().accuracy()),
          "%,d".formatted(card.parameters()),
          "%,d KB".formatted(Math.ceilDiv(card.weights().bytes(), 1000)));
    }
    console.out().println(table);
  }

  private void show(ModelCard card) {
    if (json.wanted()) {
      console.json(card);
      return;
    }
    ModelCard.Training training = card.training();
    ModelCard.Score score = card.score();
    console
        .out()
        .printf(
            "%s: %s, depth %d, %d classes, input %s%n%n",
            card.name(), card.network(), card.depth(), card.classes().size(), card.input());
    line("accuracy", "%.2f%% of %,d test images".formatted(score.accuracy(), score.images()));
    line(
        "",
        "after epoch %d of %d, the best by these images; %.2f%% after the last"
            .formatted(score.epoch(), training.epochs(), score.lastAccuracy()));
    line(
        "cost",
        "%,d parameters, %,d multiply-adds an image"
            .formatted(card.parameters(), card.multiplyAdds()));
    line("classes", String.join(", ", card.classes()));
    line("data", training.data());
    line("recipe", training.recipe());
    line("again", training.command());
    line("seed", String.valueOf(training.seed()));
    line("made", "%s, %s".formatted(training.date(), versions(training)));
    line("weights", stored(card.weights()));
    line("model.json", stored(card.description()));
    line("licence", card.licence());
  }

  private void line(String what, String fact) {
    console.out().printf("%-10s  %s%n", what, VisibleWriter.oneLine(fact));
  }

  private static String versions(ModelCard.Training training) {
    return String.join(
        ", ",
        training.versions().entrySet().stream()
            .map(program -> program.getKey() + " " + program.getValue())
            .toList());
  }

  private static String stored(ModelCard.Stored file) {
    return "%,d bytes, SHA-256 %s".formatted(file.bytes(), file.sha256());
  }

  /** What {@code --json} prints of all. */
  private record ModelsDocument(List<ModelCard> models) {}
}
