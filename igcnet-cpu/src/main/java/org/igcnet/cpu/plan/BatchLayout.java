package org.igcnet.cpu.plan;

import java.util.Arrays;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.GroupTree;
import org.igcnet.backend.NormGroups;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Maps;

/**
 * Which image of a batch sits in which lane of which block.
 *
 * <p>Images are taken in groups that share batch normalisation's statistics, and each group begins
 * a new block of V images; lanes that are left over at a group's end are dead: they hold zeros and
 * count in no statistic.
 */
public final class BatchLayout {
  private final NormGroups groups;

  /** The first block of each group, and the number of blocks. */
  private final int[] firstBlocks;

  private final int[] groupOfBlock;

  private BatchLayout(NormGroups groups) {
    this.groups = groups;
    this.firstBlocks = new int[groups.count() + 1];
    for (int group = 0; group < groups.count(); group++) {
      int blocks = Math.ceilDiv(groups.images(group), Lanes.COUNT);
      firstBlocks[group + 1] = firstBlocks[group] + blocks;
    }
    this.groupOfBlock = new int[blocks()];
    for (int group = 0; group < groups.count(); group++) {
      Arrays.fill(groupOfBlock, firstBlocks[group], firstBlocks[group + 1], group);
    }
  }

  /**
   * Lays out a batch.
   *
   * @param groups at least one
   */
  public static BatchLayout of(NormGroups groups) {
    if (groups.count() == 0) {
      throw new IllegalArgumentException("a batch without images has no layout");
    }
    return new BatchLayout(groups);
  }

  /**
   * Lays out a batch that lacks no image.
   *
   * @param images number of images in the batch, at least 1
   * @param normImages images of one group (the paper's two GPUs had 32 each); the last may have
   *     fewer
   */
  public static BatchLayout of(int images, int normImages) {
    return of(NormGroups.of(images, normImages));
  }

  /** Number of images. */
  public int images() {
    return groups.images();
  }

  /** Number of groups. */
  public int groups() {
    return groups.count();
  }

  /** Number of blocks of V images. */
  public int blocks() {
    return firstBlocks[groups.count()];
  }

  /** Words of the feature maps of all images. */
  public long words(Precision precision, ImageShape shape) {
    return blocks() * blockWords(precision, shape);
  }

  /** Words of the feature maps of one block's images. */
  static long blockWords(Precision precision, ImageShape shape) {
    return (long) shape.channels() * shape.height() * Maps.row(precision, shape.width());
  }

  /** The image in a block's first lane. */
  public int firstImage(int block) {
    int group = group(block);
    return groups.first(group) + (block - firstBlocks[group]) * Lanes.COUNT;
  }

  /** The block that a group begins with; that of the group after the last is the end. */
  public int firstBlock(int group) {
    return firstBlocks[group];
  }

  /** The group that a block belongs to. */
  public int group(int block) {
    return groupOfBlock[block];
  }

  /** Number of images in a group. */
  public int groupImages(int group) {
    return groups.images(group);
  }

  /** Number of living lanes of a block; they come first. */
  public int living(int block) {
    return Math.min(Lanes.COUNT, groups.first(group(block) + 1) - firstImage(block));
  }

  /** Adds the groups' sums by their tree; sum 0 is the whole then. */
  public void addGroups(GroupTree.Adder adder) {
    groups.add(adder);
  }
}
