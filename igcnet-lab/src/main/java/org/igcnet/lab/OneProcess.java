package org.igcnet.lab;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.train.EpochMetrics;
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
            .map(run -> resume(run.folder(), attempt, listener))
            .orElseGet(() -> attempt.trial().start(runs, compute())));
  }

  private TrainingRun resume(Path run, Attempt attempt, ReproductionListener listener) {
    Compute on = compute();
    Optional<DataSpec> changed = attempt.changedData();
    return changed.isPresent()
        ? TrainingRun.resume(run, changed, on.device(), on.threads(), listener)
        : TrainingRun.resume(run, attempt.trial().splits(), on.device(), on.threads());
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
