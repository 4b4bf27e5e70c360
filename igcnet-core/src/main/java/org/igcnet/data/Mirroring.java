package org.igcnet.data;

/**
 * Which training images are turned round, left to right, where an augmentation does that at all.
 */
public enum Mirroring {
  /** Half of the images, other ones in each epoch. */
  RANDOM,
  /**
   * Half of the images in the first epoch, the other half in the second, and so on by turns: in two
   * epochs each is seen both ways, which RANDOM does for every second one only.
   */
  ALTERNATING,
  /** None, as for digits and letters, which mean something else that way or nothing. */
  NEVER;

  /** Keeps these numbers apart from those for an epoch. */
  private static final long FIRST = -2;

  /**
   * Whether an image is mirrored.
   *
   * @param random a number of it is always taken, so that those after it stay the same
   * @param seed of the training
   * @param epoch from 0
   * @param image its index in the data set
   */
  boolean of(SplitMix random, long seed, int epoch, int image) {
    boolean drawn = random.coin();
    return switch (this) {
      case RANDOM -> drawn;
      case ALTERNATING -> SplitMix.of(seed, FIRST, image).coin() ^ epoch % 2 == 1;
      case NEVER -> false;
    };
  }
}
