package org.igcnet.lab;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.files.FolderLock;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingCluster.Place;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;

/** A cluster, on which each training has machines of its own. */
final class ManyMachines extends Workplace {
  private final TrainingCluster cluster;
  private final Optional<String> store;

  ManyMachines(TrainingCluster cluster, int trainings, Optional<String> store, Compute compute) {
    super(compute, trainings);
    this.cluster = cluster;
    this.store = store;
  }

  @Override
  void fetch(Path runs, String name) {
    cluster.fetch(place(runs, runs.resolve(name)));
  }

  private Place place(Path runs, Path run) {
    String below = runs.relativize(run).toString().replace('\\', '/');
    return new Place(run, store.map(address -> address + "/" + below));
  }

  /** Beginnings take the memory of a training for a moment, so there is one at a time. */
  @Override
  synchronized Work begin(RunFolders runs, Attempt attempt, ReproductionListener listener) {
    Trial trial = attempt.trial();
    Path run = attempt.run().map(RecordedRun::folder).orElseGet(() -> started(trial, runs));
    FolderLock lock =
        FolderLock.take(run)
            .orElseThrow(() -> new UserError("another process has just taken %s".formatted(run)));
    return new Sent(
        cluster, place(runs.root(), run), attempt.changedData(), attempt.metrics().size(), lock);
  }

  private Path started(Trial trial, RunFolders runs) {
    try (TrainingRun run = trial.start(runs, compute())) {
      return run.folder();
    }
  }

  private record Sent(
      TrainingCluster cluster,
      Place place,
      Optional<DataSpec> data,
      int epochsDone,
      FolderLock lock)
      implements Work {
    @Override
    public EpochMetrics run(TrainingListener listener) {
      return cluster.train(place, data, listener).last();
    }

    /** All are asked to stop at the same time. */
    @Override
    public void stop() {
      cluster.stop();
    }

    @Override
    public void close() {
      lock.close();
    }
  }
}
