package org.igcnet.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.data.Splits;
import org.igcnet.data.TrainingData;
import org.igcnet.data.WorkListener;
import org.igcnet.files.FolderLock;
import org.igcnet.model.Model;

/**
 * A run folder as it stands. It is read without being taken: a process may be training in it.
 *
 * @param folder that of the run
 * @param description what is trained, on what, and how
 * @param metrics the epochs so far
 */
public record RecordedRun(Path folder, RunDescription description, List<EpochMetrics> metrics) {
  /** The file of a run folder that says what is trained, on what, and how. */
  public static final String DESCRIPTION = RunFolder.RUN;

  /** The file that has a line for each epoch that is done. */
  public static final String METRICS = RunFolder.METRICS;

  /** The file with all that the training goes on with; it is written after the others. */
  public static final String CHECKPOINT = RunFolder.CHECKPOINT;

  /**
   * Copies the metrics.
   *
   * @throws UserError where there are metrics of more epochs than the run has
   */
  public RecordedRun {
    metrics = List.copyOf(metrics);
    if (metrics.size() > description.recipe().epochs()) {
      throw new UserError(
          "%s holds the metrics of %d epochs, but its run has %d"
              .formatted(folder, metrics.size(), description.recipe().epochs()));
    }
  }

  /**
   * {@return whether the folder holds a run}
   *
   * @param folder that of the run
   */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(RunFolder.RUN));
  }

  /**
   * Reads a run folder.
   *
   * @param folder that of the run
   * @return what there is
   * @throws UserError where it holds no run, or a file in it is damaged
   */
  public static RecordedRun read(Path folder) {
    return new RecordedRun(folder, RunFolder.description(folder), RunFolder.metrics(folder));
  }

  /**
   * {@return what the training of a model remembers of its data}
   *
   * @param folder that of the model; a run folder remembers more than another
   * @param model the model in the folder
   * @throws UserError where it is a run folder and a file in it is damaged, or the model's classes
   *     are not the run's
   */
  public static TrainingData data(Path folder, Model model) {
    if (!isIn(folder)) {
      return model.trainingData();
    }
    TrainingData data = RunFolder.data(folder, RunFolder.description(folder));
    if (!data.classes().equals(model.classes())) {
      throw new UserError(
          "%s holds a model that tells %s apart, and a run that learned %s"
              .formatted(folder, model.classes(), data.classes()));
    }
    return data;
  }

  /**
   * {@return whether {@link TrainingRun#resume(Path, Optional, String, int, WorkListener)} would go
   * on with it as what another description tells of, had the run begun before some of the pictures
   * came or went}
   *
   * @param wanted what is to be trained
   * @param now the images that it is to be trained on
   * @throws UserError where the listing of the run's pictures is damaged, or another's
   */
  public boolean goesOnAs(RunDescription wanted, Splits now) {
    return description.sameButPictures(wanted)
        && RunFolder.data(folder, description).isMostlyIn(now);
  }

  /**
   * {@return whether a process trains it at this moment: this one or another}
   *
   * <p>This is of now, all else of when the folder was read.
   */
  public boolean underWay() {
    return FolderLock.isTaken(folder);
  }

  /** {@return whether the training has come to its end} */
  public boolean finished() {
    return Trainer.isDone(description.recipe(), metrics.size(), best());
  }

  /**
   * {@return the epoch of the best test accuracy, the first of equals; nothing before the first}
   */
  public Optional<EpochMetrics> best() {
    return metrics.stream().reduce((a, b) -> b.isBetterThan(Optional.of(a)) ? b : a);
  }
}
