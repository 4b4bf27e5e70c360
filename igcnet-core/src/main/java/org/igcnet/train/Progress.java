package org.igcnet.train;

import org.igcnet.loss.CrossEntropy.Score;

/**
 * How far a training is.
 *
 * @param epoch epochs done
 * @param batch batches done of the epoch after them
 * @param score of the images of those batches, as they were trained on
 * @param seconds that those batches took
 */
record Progress(int epoch, int batch, Score score, double seconds) {
  static final Progress START = afterEpoch(0);

  static Progress afterEpoch(int epochs) {
    return new Progress(epochs, 0, Score.NONE, 0);
  }

  /** With more images, after which so many batches of the epoch are done. */
  Progress plus(Score of, double took, int batches) {
    return new Progress(epoch, batches, score.plus(of), seconds + took);
  }
}
