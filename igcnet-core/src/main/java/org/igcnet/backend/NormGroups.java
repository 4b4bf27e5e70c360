package org.igcnet.backend;

import java.util.Arrays;

/**
 * The images of a batch in groups that share batch normalisation's statistics. Group g is those at
 * places g·n to g·n + n − 1, n being the images that share norms. A damaged picture leaves its
 * group smaller, and no other; a group without images is none.
 */
public final class NormGroups {
  /** The first image of each group, and what follows the last. */
  private final int[] firsts;

  private final int[] places;

  private NormGroups(int[] firsts, int[] places) {
    this.firsts = firsts;
    this.places = places;
  }

  /**
   * Those of a batch that lacks no image.
   *
   * @param images of the batch
   * @param normImages images that share norms; the last group may have fewer
   * @return the groups
   */
  public static NormGroups of(int images, int normImages) {
    if (images < 0 || normImages < 1) {
      throw new IllegalArgumentException(
          "there is no batch of %d images in groups of %d".formatted(images, normImages));
    }
    int count = Math.ceilDiv(images, normImages);
    int[] firsts = new int[count + 1];
    Arrays.setAll(firsts, group -> Math.min(group * normImages, images));
    int[] places = new int[count];
    Arrays.setAll(places, group -> group);
    return new NormGroups(firsts, places);
  }

  /**
   * Those of a batch.
   *
   * @param batch which may lack images, as pictures are damaged
   * @param normImages images that share norms
   * @return the groups
   */
  public static NormGroups of(ImageBatch batch, int normImages) {
    int images = batch.images();
    if (images == 0 || batch.place(images - 1) == images - 1) {
      return of(images, normImages);
    }
    int[] firsts = new int[images + 1];
    int[] places = new int[images];
    int count = 0;
    for (int image = 0; image < images; image++) {
      int place = batch.place(image) / normImages;
      if (count == 0 || place != places[count - 1]) {
        firsts[count] = image;
        places[count++] = place;
      }
    }
    firsts[count] = images;
    return new NormGroups(Arrays.copyOf(firsts, count + 1), Arrays.copyOf(places, count));
  }

  /** {@return the number of groups that have an image} */
  public int count() {
    return places.length;
  }

  /**
   * {@return the first image of a group; that of the group after the last is the number of images}
   *
   * @param group its number, from 0
   */
  public int first(int group) {
    return firsts[group];
  }

  /**
   * {@return the number of images in a group}
   *
   * @param group its number, from 0
   */
  public int images(int group) {
    return firsts[group + 1] - firsts[group];
  }

  /** {@return the number of images in all groups} */
  public int images() {
    return firsts[count()];
  }

  /**
   * Adds the groups' sums in the order of their {@link GroupTree}; sum 0 is the whole then.
   *
   * @param adder adds the sums of one group to those of another
   */
  public void add(GroupTree.Adder adder) {
    GroupTree.add(count(), group -> places[group], adder);
  }
}
