package org.igcnet.spark;

import java.nio.file.Path;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;

/**
 * Brings a run home from its store after every epoch, before the listener hears of it.
 *
 * @param home the run's folder on this machine
 */
record ComingHome(RunStore store, Path home, TrainingListener listener)
    implements TrainingListener {
  /** {@return why the run could not be brought home, if so; it stays in the store} */
  static Optional<UserError> tried(RunStore store, Path home) {
    try {
      store.fetch(home);
      return Optional.empty();
    } catch (UserError stays) {
      return Optional.of(stays);
    }
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    tried(store, home); // what stays in the store comes home with the next epoch, or at the end
    listener.epoch(metrics, best);
  }

  @Override
  public void batch(BatchProgress progress) {
    listener.batch(progress);
  }

  @Override
  public void skipped(String sentence) {
    listener.skipped(sentence);
  }

  @Override
  public void lost(String why) {
    listener.lost(why);
  }
}
