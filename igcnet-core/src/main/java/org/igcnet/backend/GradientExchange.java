package org.igcnet.backend;

import org.igcnet.loss.CrossEntropy.Score;

/**
 * Joins trainers that each learn from a share of every batch, between backward and update. All of
 * them add up their sums in the order of {@link GroupTree}, then update their own weights, which
 * stay the same bits everywhere.
 *
 * <p>Each trainer has its own, and all of them call the same methods in the same order. A call
 * waits for all others. Where one of them fails, it throws instead of waiting for ever.
 */
public interface GradientExchange {
  /** A trainer that has every batch for itself. */
  GradientExchange ALONE =
      new GradientExchange() {
        @Override
        public int rank() {
          return 0;
        }

        @Override
        public int trainers() {
          return 1;
        }

        @Override
        public int images(int own) {
          return own;
        }

        @Override
        public Tally sum(float[] gradients, Tally own) {
          return own;
        }

        @Override
        public double[] join(double[] own) {
          return own;
        }
      };

  /**
   * What is counted of a batch beside its gradients.
   *
   * @param score how well its images were known
   * @param groups of images that share norms
   */
  record Tally(Score score, int groups) {
    /** Of no image. */
    public static final Tally NONE = new Tally(Score.NONE, 0);

    /**
     * Adds what is counted of other images.
     *
     * @param other of images that are not among these
     * @return what is counted of all
     */
    public Tally plus(Tally other) {
      return new Tally(score.plus(other.score), groups + other.groups);
    }
  }

  /** {@return the number of this trainer, from 0; shares of a batch follow each other by it} */
  int rank();

  /** {@return how many trainers there are} */
  int trainers();

  /**
   * Adds up the images of a batch.
   *
   * @param own those in this trainer's share, perhaps 0
   * @return those in the whole batch
   */
  int images(int own);

  /**
   * Adds up gradients and what is counted.
   *
   * @param gradients sums over the groups of this trainer's share, −0 where it has none, which
   *     changes no bit of a sum; they become the sums over the whole batch
   * @param own counted in this trainer's share
   * @return counted in the whole batch
   */
  Tally sum(float[] gradients, Tally own);

  /**
   * Tells every trainer what each of them has.
   *
   * @param own what this trainer has, of any length; it is not written to
   * @return what all have, one after the other by their numbers
   */
  double[] join(double[] own);
}
