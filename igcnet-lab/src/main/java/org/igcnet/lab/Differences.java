package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.train.Recipe;

/**
 * What is otherwise than in the paper, a phrase each.
 *
 * @param data in what is learned and tested: figures cannot be compared with the paper's
 * @param recipe in how
 */
record Differences(List<String> data, List<String> recipe) {
  /** Of a trial. */
  static Differences of(Trial trial) {
    Experiment.Data paper = trial.cell().data();
    return new Differences(data(paper, trial), recipe(paper.recipe(), trial.wanted().recipe()));
  }

  private static List<String> data(Experiment.Data paper, Trial trial) {
    Architecture network = trial.architecture();
    int rows = network.input().height();
    int columns = network.input().width();
    List<String> differences = new ArrayList<>();
    if (network.classes() != paper.classes()) {
      differences.add("%,d classes, the paper's %,d".formatted(network.classes(), paper.classes()));
    }
    if (rows != paper.pixels() || columns != paper.pixels()) {
      differences.add(
          "images of %d×%d pixels, the paper's of %d×%3$d"
              .formatted(rows, columns, paper.pixels()));
    }
    if (trial.splits().testedOnTraining()) {
      differences.add(
          "tested on the %,d training images, the paper's on others"
              .formatted(trial.splits().train().size()));
    }
    return differences;
  }

  private static List<String> recipe(PaperRecipe paper, Recipe ours) {
    List<String> differences = new ArrayList<>();
    if (ours.epochs() != paper.epochs()) {
      differences.add(
          "%d epoch%s of the paper's %d"
              .formatted(ours.epochs(), ours.epochs() == 1 ? "" : "s", paper.epochs()));
    }
    if (ours.norms().images() != paper.normImages()) {
      differences.add(
          "batch normalisation over %d images, the paper's over %d"
              .formatted(ours.norms().images(), paper.normImages()));
    }
    if (ours.precision() != PaperRecipe.PRECISION) {
      differences.add(
          "feature maps as %s, the paper's as %s"
              .formatted(ours.precision(), PaperRecipe.PRECISION));
    }
    return differences;
  }

  /** Both. */
  List<String> all() {
    return Stream.of(data, recipe).flatMap(List::stream).toList();
  }
}
