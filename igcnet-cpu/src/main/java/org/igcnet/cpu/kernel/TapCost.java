package org.igcnet.cpu.kernel;

/**
 * What a {@link TapConvolution} costs where a column is a vector and taps are not neighbouring
 * columns. {@code docs/notes/engine.md} compares it with measurements. It needs no vectors, so that
 * plans can be made without them.
 */
public final class TapCost {
  /** Beginning and writing one vector of sums, in multiply-adds of the fastest tile. */
  private static final int COST_OF_WRITING = 6;

  /** A call's share of one vector, in multiply-adds of the fastest tile. */
  private static final int COST_OF_CALL = 3;

  private TapCost() {}

  /** Channels of the next tile where taps are taken in pairs. */
  static int tile(int left) {
    return left >= 6 ? 6 : left >= 4 ? 4 : Math.min(left, 2);
  }

  /**
   * Time for one vector of each output, in multiply-adds of the fastest tile.
   *
   * @param outputs number of output channels
   * @param taps number of taps
   */
  public static double of(int outputs, int taps) {
    double cost = COST_OF_CALL;
    for (int left = outputs; left > 0; left -= tile(left)) {
      int size = tile(left);
      double tap =
          switch (size) {
            case 6 -> 1;
            case 4 -> 1.2;
            case 2 -> 1.6;
            default -> 2.2;
          };
      cost += size * (tap * weights(taps) + COST_OF_WRITING);
    }
    return cost;
  }

  /** Weights of an output as they are laid out: pairs of them. */
  public static int weights(int taps) {
    return taps + taps % 2;
  }
}
