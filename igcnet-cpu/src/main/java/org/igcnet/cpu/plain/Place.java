package org.igcnet.cpu.plain;

import java.util.stream.IntStream;

/**
 * Where a feature map of every image of a batch lies: {@code [group][channel][image][row][column]}
 * in one storage. Its gradient lies likewise in another.
 */
final class Place {
  private final int storage;
  private final Grid grid;
  private final int step;
  private final int[] order;

  private Place(int storage, Grid grid, int step, int[] order) {
    this.storage = storage;
    this.grid = grid;
    this.step = step;
    this.order = order;
  }

  /**
   * Of a storage whose channels lie in their order.
   *
   * @param images of the largest group
   */
  static Place of(int storage, Grid grid, int channels, int images) {
    int step = Math.toIntExact(grid.floats(images));
    return new Place(storage, grid, step, IntStream.range(0, channels).toArray());
  }

  /** The same channels by other numbers: channel {@code from[c]} is number c. */
  Place reordered(int[] from) {
    return new Place(storage, grid, step, IntStream.of(from).map(c -> order[c]).toArray());
  }

  /** The same in another storage: every number has the same index there. */
  Place in(int other) {
    return new Place(other, grid, step, order);
  }

  int storage() {
    return storage;
  }

  Grid grid() {
    return grid;
  }

  int channels() {
    return order.length;
  }

  /** Where the run of a channel begins. */
  int index(int group, int channel) {
    return (group * order.length + order[channel]) * step + grid.lead();
  }
}
