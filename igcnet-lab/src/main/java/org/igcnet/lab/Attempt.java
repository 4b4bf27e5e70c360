package org.igcnet.lab;

import java.util.List;
import java.util.Optional;
import org.igcnet.data.DataSpec;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;

/**
 * A trial, and the run that there is of it.
 *
 * @param trial what is wanted
 * @param run what is there, if anything
 */
record Attempt(Trial trial, Optional<RecordedRun> run) {
  /** The trial's run among some: the one that is furthest, also on pictures that came or went. */
  static Attempt of(Trial trial, List<RecordedRun> runs) {
    RecordedRun furthest = null;
    for (RecordedRun run : runs) {
      boolean further = furthest == null || run.metrics().size() > furthest.metrics().size();
      if (further && (trial.isExactly(run) || run.goesOnAs(trial.wanted(), trial.splits()))) {
        furthest = run;
      }
    }
    return new Attempt(trial, Optional.ofNullable(furthest));
  }

  boolean finished() {
    return run.map(RecordedRun::finished).orElse(false);
  }

  /**
   * The data's name where pictures came or went since the run began. Then those that it began with
   * keep their places.
   */
  Optional<DataSpec> changedData() {
    return run.filter(begun -> !trial.isExactly(begun))
        .map(_ -> DataSpec.parse(trial.splits().spec()));
  }

  /** The epochs that are done. */
  List<EpochMetrics> metrics() {
    return run.map(RecordedRun::metrics).orElse(List.of());
  }
}
