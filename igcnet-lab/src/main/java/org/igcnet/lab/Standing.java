package org.igcnet.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.lab.ReproductionListener.Overall;
import org.igcnet.train.TrainingListener.BatchProgress;

/** How far an experiment's trials are, and how fast they go. One thread at a time may use it. */
final class Standing {
  private final int trainings;
  private final Map<Trial, Double> underWay = new LinkedHashMap<>();
  private List<Attempt> attempts;
  private Pace pace;

  /**
   * @param attempts all trials
   * @param trainings that there are at a time
   */
  Standing(List<Attempt> attempts, int trainings) {
    this.trainings = trainings;
    this.attempts = attempts;
    this.pace = Pace.of(attempts);
  }

  /** Takes what there is now. */
  void update(List<Attempt> now) {
    attempts = now;
    pace = Pace.of(now);
  }

  /** A training begins, with so many epochs done before. */
  void begin(Trial trial, int epochs) {
    underWay.put(trial, (double) epochs);
  }

  /** A training has done a step. */
  void step(Trial trial, BatchProgress progress) {
    pace.put(trial, progress.imagesPerSecond());
    underWay.put(trial, progress.epoch() - 1 + (double) progress.batch() / progress.batches());
  }

  /** A training is over. */
  void end(Trial trial) {
    underWay.remove(trial);
  }

  /** Whether just this training is being done. */
  boolean trains(Trial trial) {
    return underWay.keySet().stream()
        .anyMatch(other -> other.wanted().sameTraining(trial.wanted()));
  }

  /**
   * What is there now. A training is finished when {@link #end} has been told.
   *
   * <p>What is left takes as long as the machines need for all of it, or one for the longest.
   */
  Overall overall() {
    double done = 0;
    double all = 0;
    double seconds = 0;
    double longest = 0;
    int finished = 0;
    for (Attempt attempt : attempts) {
      Trial trial = attempt.trial();
      double epochs = underWay.getOrDefault(trial, (double) attempt.metrics().size());
      double work = trial.multiplyAdds() * trial.imagesPerEpoch();
      done += epochs * work;
      all += trial.epochs() * work;
      if (epochs < trial.epochs()) {
        double left = pace.seconds(trial, trial.epochs() - epochs);
        seconds += left;
        longest = Math.max(longest, left);
      }
      finished += attempt.finished() && !underWay.containsKey(trial) ? 1 : 0;
    }
    return new Overall(
        finished,
        attempts.size(),
        underWay.size(),
        all == 0 ? 1 : done / all,
        Math.max(seconds / trainings, longest));
  }
}
