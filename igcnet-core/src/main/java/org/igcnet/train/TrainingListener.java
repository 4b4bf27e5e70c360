package org.igcnet.train;

import java.nio.file.Path;

/** Hears how a training goes, on the thread that trains; what it throws stops the training. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener SILENT =
      new TrainingListener() {
        @Override
        public void batch(BatchProgress progress) {}

        @Override
        public void epoch(EpochMetrics metrics, boolean best) {}
      };

  /**
   * A picture cannot be decoded and was left out, each time that this happens.
   *
   * @param sentence which, and what is wrong with it
   */
  default void skipped(String sentence) {}

  /**
   * Somebody who trains along was lost, and the training goes on from its last checkpoint. It hears
   * the steps since then once more.
   *
   * @param why in words
   */
  default void lost(String why) {}

  /**
   * A step is done.
   *
   * @param progress how far the training is
   */
  void batch(BatchProgress progress);

  /**
   * An epoch is done and tested, and its checkpoint is written.
   *
   * @param metrics what it came to
   * @param best whether no epoch before had as high a test accuracy
   */
  void epoch(EpochMetrics metrics, boolean best);

  /**
   * The run's files are written as they stay until the next checkpoint, of which this is called
   * after each.
   *
   * @param folder that of the run
   */
  default void kept(Path folder) {}

  /**
   * How far the running epoch is.
   *
   * @param epoch which, from 1
   * @param epochs of the whole training
   * @param batch batches done in this epoch, from 1
   * @param batches of one epoch
   * @param loss mean cross entropy of this epoch's images so far
   * @param accuracy their top-1, in percent
   * @param imagesPerSecond of this epoch
   * @param secondsLeft that the rest of the training takes at this rate, tests not counted
   */
  record BatchProgress(
      int epoch,
      int epochs,
      int batch,
      int batches,
      double loss,
      double accuracy,
      double imagesPerSecond,
      double secondsLeft) {}
}
