package org.igcnet.cpu.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * A group convolution as a sum over taps, on planes: the rows of one channel of one image, one
 * after the other, so that a vector is V neighbouring positions. {@code out[o][p] = Σ_t w[o][t] ·
 * in[p + input + taps[t]]}, where {@code input} is that of o's {@link Partition}, and what {@link
 * Ending} says becomes of it.
 *
 * <p>A position's sum is added up in the same order wherever a call begins, if calls begin and end
 * at multiples of {@link #PIECE} vectors.
 */
public final class PlaneConvolution {
  /**
   * Vectors of a multiple of every tile's width, or of two widths together where both add in the
   * same order.
   */
  public static final int PIECE = 4;

  private static final int V = Lanes.COUNT;

  private final Tier[] tiers;
  private final PlaneTiles tiles;

  /** Tiles of the same size, of each partition: {@code tiles} times {@code size} channels. */
  private record Tier(int channel, int size, int tiles) {}

  /**
   * Fixes everything but where the input begins.
   *
   * @param taps where each tap lies, relative to the position of the output in the first input
   *     channel
   * @param outputs number of output channels of a partition
   * @param partitions those whose taps lie so
   * @param weights of all output channels, of which copies are made; those of a channel are
   *     neighbours, in the order of taps
   * @param ending of all output channels
   */
  public PlaneConvolution(
      int[] taps, int outputs, List<Partition> partitions, float[] weights, Ending ending) {
    this.tiers = tiers(outputs);
    this.tiles = ending.tiles(new Partitions(taps, outputs, partitions, weights));
  }

  private static Tier[] tiers(int outputs) {
    List<Tier> tiers = new ArrayList<>();
    for (int left = outputs; left > 0; ) {
      int channel = outputs - left;
      int size = Partitions.tile(left);
      int count = 0;
      for (; left > 0 && Partitions.tile(left) == size; left -= size) {
        count++;
      }
      tiers.add(new Tier(channel, size, count));
    }
    return tiers.toArray(Tier[]::new);
  }

  /**
   * Computes some neighbouring vectors of all output channels.
   *
   * @param from the input
   * @param fromBase the position under the first output
   * @param to the output
   * @param toBase where the first output is written, from the ending's places
   * @param vectors number of vectors
   */
  public void run(float[] from, int fromBase, float[] to, int toBase, int vectors) {
    for (Tier tier : tiers) {
      for (int done = 0, count; done < vectors; done += count) {
        int width = width(tier.size, vectors - done);
        count = taken(tier.size, width, vectors - done);
        run(tier, width, from, fromBase + done * V, to, toBase + done * V, count);
      }
    }
  }

  private void run(
      Tier tier, int width, float[] from, int fromBase, float[] to, int toBase, int vectors) {
    int size = tier.size;
    if (size == 1 && width > 1) {
      tiles.halves(1, width, from, fromBase, tier.channel, tier.tiles, to, toBase, vectors);
    } else if (width == 1 && size != 2 && size != Partitions.EIGHT) {
      tiles.column(size, 1, from, fromBase, tier.channel, tier.tiles, to, toBase, vectors);
    } else {
      tiles.pairs(size, width, from, fromBase, tier.channel, tier.tiles, to, toBase, vectors);
    }
  }

  /** Vectors of the widest tile that fits. Eight channels leave none that is alone. */
  private static int width(int channels, int vectors) {
    int most = Vectors.MANY_REGISTERS ? 4 : 2;
    return switch (channels) {
      case Partitions.EIGHT -> vectors == 1 ? 1 : vectors == 2 || vectors == 4 ? 2 : 3;
      case 2 -> Math.min(Integer.highestOneBit(vectors), 2 * most);
      case 1 -> vectors >= 4 ? 4 : 1;
      default -> vectors >= most ? most : 1;
    };
  }

  /** How many of the vectors tiles of a width take. */
  private static int taken(int channels, int width, int vectors) {
    if (channels == Partitions.EIGHT && width == 3 && vectors % 3 == 1) {
      return vectors - 4;
    }
    return vectors / width * width;
  }
}
