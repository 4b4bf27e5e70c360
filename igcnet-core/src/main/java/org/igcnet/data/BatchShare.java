package org.igcnet.data;

import org.igcnet.UserError;

/**
 * What one of several trainers takes of every batch: the images at places {@code first} to {@code
 * first + images − 1}, as far as there are any.
 *
 * @param batchSize images of the whole batch; an epoch's last one may have fewer
 * @param normImages those of them that share norms, all of which one trainer takes
 * @param first the place of the share's first image, from 0
 * @param images of the share, perhaps 0
 */
public record BatchShare(int batchSize, int normImages, int first, int images) {
  /**
   * Looks whether the batch has such images.
   *
   * @throws IllegalArgumentException where it has not
   */
  public BatchShare {
    if (batchSize < 1 || normImages < 1 || first < 0 || images < 0 || images > batchSize - first) {
      throw new IllegalArgumentException(
          "a batch of %d images has no %d images from place %d on"
              .formatted(batchSize, images, first));
    }
  }

  /**
   * {@return all of every batch}
   *
   * @param batchSize images of the whole batch
   */
  public static BatchShare whole(int batchSize) {
    return new BatchShare(batchSize, batchSize, 0, batchSize);
  }

  /**
   * Divides every batch among trainers. Each has 2ᵏ groups of images that share norms, the last
   * ones perhaps fewer or none, so that sums have the same bits for any number of trainers.
   *
   * @param batchSize images of the whole batch
   * @param normImages images that share norms
   * @param rank of the trainer, from 0
   * @param trainers how many there are
   * @return the trainer's share
   * @throws UserError where there are more trainers than groups
   */
  public static BatchShare of(int batchSize, int normImages, int rank, int trainers) {
    int groups = Math.ceilDiv(batchSize, normImages);
    if (trainers > groups) {
      throw new UserError(
          "%d trainers cannot share a batch of %d images of which %d share norms: it has %d such groups, and a trainer takes whole ones"
              .formatted(trainers, batchSize, normImages, groups));
    }
    int each = powerOfTwo(Math.ceilDiv(groups, trainers));
    int first = (int) Math.min((long) rank * each * normImages, batchSize);
    int images = (int) Math.min((long) each * normImages, batchSize - first);
    return new BatchShare(batchSize, normImages, first, images);
  }

  private static int powerOfTwo(int least) {
    return least == 1 ? 1 : 2 * Integer.highestOneBit(least - 1);
  }

  /**
   * The place of the image that another one is paired with, in the group that shares norms: its
   * neighbour. The last of an odd number has none, and is its own.
   */
  int neighbour(int place) {
    int inGroup = place % normImages;
    int other = inGroup ^ 1;
    return other < normImages ? place - inGroup + other : place;
  }

  /** {@return the images that there must be room for, at least 1} */
  public int capacity() {
    return Math.max(1, images);
  }

  /** Images of the share in a batch that has so many; see {@link #batchSize}. */
  int of(int batch) {
    return Math.clamp(batch - first, 0, images);
  }
}
