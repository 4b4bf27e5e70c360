package org.igcnet.lab;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;

/** This process, which trains one after another. */
final class OneProcess extends Workplace {
  OneProcess(Compute compute) {
    super(compute, 1);
  }

  @Override
  void fetch(Path runs, String name) {
    // All runs are at home.
  }

  @Override
  Work begin(RunFolders runs, Attempt attempt, ReproductionListener listener) {
    return new Own(
        attempt
            .run()
            .map(run -> resume(run, attempt.trial(), listener))
            .orElseGet(() -> attempt.trial().start(runs, compute())));
  }

  /** Where pictures came or went, those that the run began with keep their places. */
  private TrainingRun resume(RecordedRun run, Trial trial, ReproductionListener listener) {
    if (trial.isExactly(run)) {
      return TrainingRun.resume(
          run.folder(), trial.splits(), compute().device(), compute().threads());
    }
    DataSpec data = DataSpec.parse(trial.splits().spec());
    return TrainingRun.resume(
        run.folder(), Optional.of(data), compute().device(), compute().threads(), listener);
  }

  private record Own(TrainingRun training) implements Work {
    @Override
    public int epochsDone() {
      return training.metrics().size();
    }

    @Override
    public EpochMetrics run(TrainingListener listener) {
      return training.run(listener).last();
    }

    @Override
    public void stop() {
      training.stop();
    }

    @Override
    public void close() {
      training.close();
    }
  }
}
