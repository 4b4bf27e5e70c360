package org.igcnet.cpu.kernel;

import java.util.function.Function;

/**
 * Where the sums of a {@link PlaneConvolution} go, and what becomes of them on the way, while they
 * are in registers. Places are where position 0 of each output channel is written.
 */
public final class Ending {
  private final Function<Partitions, PlaneTiles> tiles;

  private Ending(Function<Partitions, PlaneTiles> tiles) {
    this.tiles = tiles;
  }

  /** Sums are written as they are. */
  public static Ending sums(int[] places) {
    return new Ending(partitions -> new SumTiles(partitions, places));
  }

  /**
   * {@code shift + sum} is written where that is above the floor, 0 elsewhere.
   *
   * @param shifts of each output channel
   * @param floor of each position: 0 for a ReLU, −∞ for none, +∞ where the position belongs to the
   *     border between rows, which so stays zero
   */
  public static Ending activated(int[] places, float[] shifts, float[] floor) {
    return new Ending(partitions -> new ActivatedTiles(partitions, places, shifts, floor));
  }

  /** As {@link #activated}, of what stands at the place and {@code shift + sum}. */
  public static Ending added(int[] places, float[] shifts, float[] floor) {
    return new Ending(partitions -> new AddedTiles(partitions, places, shifts, floor));
  }

  PlaneTiles tiles(Partitions partitions) {
    return tiles.apply(partitions);
  }
}
