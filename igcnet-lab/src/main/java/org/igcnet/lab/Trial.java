package org.igcnet.lab;

import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.data.Splits;
import org.igcnet.theory.NetworkCost;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.RunDescription;
import org.igcnet.train.TrainingRun;

/**
 * One training that an experiment asks for.
 *
 * @param cell network and data
 * @param splits the data
 * @param wanted what the run's folder has to say
 * @param architecture the network, for the data's images and classes
 * @param multiplyAdds of one image
 */
public record Trial(
    Cell cell, Splits splits, RunDescription wanted, Architecture architecture, long multiplyAdds) {
  static Trial of(Cell cell, Splits splits, RunDescription wanted) {
    Architecture architecture = wanted.architecture();
    return new Trial(
        cell, splits, wanted, architecture, NetworkCost.of(architecture).multiplyAdds());
  }

  /** Whether a run is of just this, on just these images. */
  boolean isExactly(RecordedRun run) {
    return run.description().sameTraining(wanted);
  }

  public long seed() {
    return wanted.recipe().seed();
  }

  public int epochs() {
    return wanted.recipe().epochs();
  }

  /** Images that an epoch trains, and tests at about a third of the cost. */
  double imagesPerEpoch() {
    return splits.train().size() + splits.test().size() / 3.0;
  }

  /** Begins its training, in a folder of its own. */
  TrainingRun start(RunFolders runs, Compute compute) {
    return TrainingRun.start(
        runs.fresh(folderName()), architecture, splits, wanted.recipe(), compute);
  }

  /** The folder that its run gets below {@code runs}, where no other run has that name. */
  String folderName() {
    String body = cell.experiment().body();
    return "%s/%s-d%d%s-e%d%s%s-s%d"
        .formatted(
            cell.data().kind(),
            cell.network(),
            cell.depth(),
            body.equals("stages") ? "" : "-" + body,
            epochs(),
            wanted.recipe().norms().images() == wanted.recipe().batchSize()
                ? ""
                : "-bn" + wanted.recipe().norms().images(),
            wanted.recipe().precision() == PaperRecipe.PRECISION
                ? ""
                : "-" + wanted.recipe().precision(),
            seed());
  }

  @Override
  public String toString() {
    return "%s, seed %d".formatted(cell, seed());
  }
}
