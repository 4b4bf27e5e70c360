package org.igcnet.cpu;

import org.igcnet.cpu.kernel.Lanes;

/**
 * Which image of a batch sits in which lane of which block.
 *
 * <p>Images are taken in groups that share batch normalisation's statistics, and each group begins
 * a new block of V images; lanes that are left over at a group's end are dead: they hold zeros and
 * count in no statistic.
 *
 * @param images number of images in the batch, at least 1
 * @param normImages images of one group (the paper's two GPUs had 32 each); the last may have fewer
 */
record BatchLayout(int images, int normImages) {
  public BatchLayout {
    if (images < 1 || normImages < 1) {
      throw new IllegalArgumentException(
          "a batch has at least one image, not %d in groups of %d".formatted(images, normImages));
    }
  }

  /** Number of groups. */
  int groups() {
    return Math.ceilDiv(images, normImages);
  }

  /** Number of blocks of V images. */
  int blocks() {
    int last = images - (groups() - 1) * normImages;
    return (groups() - 1) * blocksPerGroup() + Math.ceilDiv(last, Lanes.COUNT);
  }

  /** The block that holds an image. */
  int block(int image) {
    return image / normImages * blocksPerGroup() + image % normImages / Lanes.COUNT;
  }

  /** The lane of its block that holds an image. */
  int lane(int image) {
    return image % normImages % Lanes.COUNT;
  }

  /** The image in a block's first lane. */
  int firstImage(int block) {
    return group(block) * normImages + block % blocksPerGroup() * Lanes.COUNT;
  }

  /** The block that a group begins with; that of the group after the last is the end. */
  int firstBlock(int group) {
    return Math.min(group * blocksPerGroup(), blocks());
  }

  /** The group that a block belongs to. */
  int group(int block) {
    return block / blocksPerGroup();
  }

  /** Number of images in a group. */
  int groupImages(int group) {
    return Math.min(normImages, images - group * normImages);
  }

  /** Number of living lanes of a block; they come first. */
  int living(int block) {
    int before = block % blocksPerGroup() * Lanes.COUNT;
    return Math.min(Lanes.COUNT, groupImages(group(block)) - before);
  }

  private int blocksPerGroup() {
    return Math.ceilDiv(Math.min(images, normImages), Lanes.COUNT);
  }
}
