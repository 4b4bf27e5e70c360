package org.igcnet.lab;

import org.igcnet.data.WorkListener;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;

/**
 * Hears how a reproduction goes, of one thing at a time, on any thread; and meanwhile, how far it
 * is with finding a training's pictures again where some came or went.
 */
public interface ReproductionListener extends WorkListener {
  @Override
  default void progress(String what, long done, long all, String unit) {}

  /**
   * A training begins, or goes on.
   *
   * @param epochsDone before
   */
  void starting(Trial trial, int epochsDone, Overall overall);

  /** A step of it is done. */
  void batch(Trial trial, BatchProgress progress, Overall overall);

  /** All its epochs are done. */
  void finished(Trial trial, EpochMetrics last, Overall overall);

  /**
   * A picture cannot be decoded and was left out, each time that this happens.
   *
   * @param sentence which, and what is wrong with it
   */
  default void skipped(String sentence) {}

  /**
   * A machine that trained was lost, and the training goes on from its last checkpoint.
   *
   * @param why in words
   */
  default void lost(Trial trial, String why) {}

  /** It is left out for now: another process trains it, or it cannot be trained. */
  void leftOut(Trial trial, String why);

  /**
   * How far the whole set is.
   *
   * @param finished runs that are done
   * @param runs all that are asked for
   * @param underWay runs that are being trained
   * @param share of the multiply-adds that are done, 0 to 1
   * @param secondsLeft that the rest takes, from the speeds measured so far; NaN before any
   */
  record Overall(int finished, int runs, int underWay, double share, double secondsLeft) {}
}
