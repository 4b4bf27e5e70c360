package org.igcnet.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.igcnet.UserError;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.data.Augmentation;
import org.igcnet.data.DataSpec;
import org.igcnet.data.ImageRecipe;
import org.igcnet.data.Mirroring;
import org.igcnet.lab.Repeat;
import org.igcnet.train.Decline;
import org.igcnet.train.FirstWeights;
import org.igcnet.train.NormStatistics;
import org.igcnet.train.RateSteps;
import org.igcnet.train.Recipe;
import org.igcnet.train.RunDescription;
import org.igcnet.train.Schedule;

/**
 * A run's description as what {@link TrainCommand} is given for the same training. Each of its
 * methods is of what one group of options says, where it is other than the paper's recipe or has a
 * default of its own, so that it stays true where defaults change.
 */
public final class TrainLine {
  private final List<String> words = new ArrayList<>(List.of("train"));
  private final List<String> unsaid = new ArrayList<>();

  private TrainLine() {}

  /** The line for one run. */
  public static TrainLine of(RunDescription run) {
    TrainLine line = new TrainLine();
    line.beginning(run);
    line.option("--recipe", "paper");
    line.data(run);
    line.passes(run.recipe());
    line.norms(run.recipe().norms());
    line.rate(run.recipe());
    line.optimiser(run.recipe().optimiser());
    line.images(run.recipe().images());
    line.option("--seed", run.recipe().seed());
    line.option("--engine", run.engine());
    return line;
  }

  /** What follows the program's name. */
  public List<String> words() {
    return List.copyOf(words);
  }

  /** What of the run no option says, a phrase each. */
  public List<String> unsaid() {
    return List.copyOf(unsaid);
  }

  /** For a page. */
  Repeat repeat() {
    return new Repeat(Hint.command(words.toArray()), unsaid);
  }

  private void option(String name, Object value) {
    words.add(name);
    words.add(value.toString());
  }

  /** As a person writes it: 0.0001, where Java has 1.0E-4. */
  private void number(String name, double value) {
    option(name, BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
  }

  /** Of what is off where it is 0. */
  private void unlessOff(String name, double value) {
    if (value != 0) {
      number(name, value);
    }
  }

  private void network(RunDescription run) {
    words.add(run.network());
    option("--depth", run.depth());
    option("--body", run.body());
  }

  /** The size of pictures and what is held out are in the data's name. */
  private void data(RunDescription run) {
    try {
      DataSpec spec = DataSpec.parse(run.data());
      option("--data", run.data());
      Augmentation own = run.recipe().images().augmentation();
      if (own != spec.augmentation()) {
        unsaid.add("augmentation " + own);
      }
    } catch (UserError unknown) {
      unsaid.add("the data, which a program had: " + run.data());
    }
  }

  private void passes(Recipe recipe) {
    option("--epochs", recipe.epochs());
    option("--batch", recipe.batchSize());
    if (recipe.precision() != Precision.FLOAT32) {
      option("--precision", recipe.precision());
    }
    if (recipe.patience() > 0) {
      option("--patience", recipe.patience());
    }
  }

  private void norms(NormStatistics norms) {
    option("--bn-images", norms.images());
    switch (norms.averages()) {
      case ANEW -> {}
      case WARMED -> number("--bn-momentum", norms.momentum());
      case MOVED ->
          unsaid.add(
              "running averages that keep %s of themselves from the first step on"
                  .formatted(norms.momentum()));
    }
  }

  private void rate(Recipe recipe) {
    Schedule schedule = recipe.schedule();
    number("--lr", recipe.learningRate());
    option(
        "--schedule",
        switch (schedule.decline()) {
          case RateSteps steps -> steps;
          case Decline.Curve curve -> curve == Decline.Curve.LINEAR ? "one-cycle" : curve;
        });
    if (schedule.warmUp() > 0 || schedule.decline() == Decline.Curve.LINEAR) {
      number("--warm-up", schedule.warmUp());
    }
    unlessOff("--average", recipe.averageDecay());
  }

  private void optimiser(Optimiser optimiser) {
    number("--momentum", optimiser.momentum());
    number("--weight-decay", optimiser.weightDecay());
    unlessOff("--clip", optimiser.gradientLimit());
    if (optimiser.normRate() != 1) {
      number("--bn-lr", optimiser.normRate());
    }
  }

  private void images(ImageRecipe images) {
    if (images.mirroring() != Mirroring.RANDOM) {
      option("--mirror", images.mirroring().name().toLowerCase(Locale.ROOT));
    }
    if (images.cutout() > 0) {
      option("--cutout", images.cutout());
    }
    unlessOff("--erase", images.erasing());
    unlessOff("--mixup", images.mixup());
    unlessOff("--cutmix", images.cutmix());
    unlessOff("--label-smoothing", images.labelSmoothing());
    if (images.balanced()) {
      words.add("--balance");
    }
  }

  private void beginning(RunDescription run) {
    if (run.from().isPresent()) {
      model(run.from().get());
    } else {
      network(run);
    }
    int frozen = run.recipe().frozen();
    if (frozen > 0) {
      option("--freeze", frozen == 1 ? "stem" : frozen - 1);
    }
    if (!run.earlier().isEmpty()) {
      unsaid.add("that it had fewer epochs at first, and learning rates that go with them");
    }
  }

  /** A run that an older version or a program began does not know where its model is. */
  private void model(FirstWeights first) {
    if (first.pretrained().isPresent()) {
      option("--pretrained", first.pretrained().get());
    } else if (first.folder().isPresent()) {
      option("--from", first.folder().get());
    } else {
      option("--from", "MODEL");
      unsaid.add(
          "which MODEL it began with: %s, trained on %s".formatted(first.network(), first.data()));
    }
  }
}
