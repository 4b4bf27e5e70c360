package org.igcnet.cpu.kernel;

/**
 * A convolution as a sum over taps, on planes: the rows of one channel of one image, one after the
 * other, so that a vector is V neighbouring positions. {@code out[o][p] = Σ_t w[o][t] · in[p +
 * taps[t]]}, and what {@link Ending} says becomes of it.
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

  /** Channels of the tallest tiles, whose sums need 32 registers. */
  private static final int EIGHT = 8;

  private final int tapCount;
  private final int[] taps;
  private final int outputs;
  private final PlaneTiles tiles;

  /**
   * Fixes everything but where input and weights begin.
   *
   * @param taps where each tap lies, relative to the position of the output
   * @param outputs number of output channels
   * @param ending of these channels, or of more of which these are some
   */
  public PlaneConvolution(int[] taps, int outputs, Ending ending) {
    this.tapCount = taps.length;
    this.taps = TapConvolution.inPairs(taps);
    this.outputs = outputs;
    this.tiles = ending.tiles(this.taps);
  }

  /** Number of weights as the kernels want them, some of which may be no weight but zero. */
  public int weights() {
    return outputs * taps.length;
  }

  /**
   * Lays weights out as the kernels want them: tiles of output channels, in each the taps in order,
   * and for each tap the tile's channels side by side.
   *
   * @param weights those of an output channel are neighbours, in the order of taps
   * @param base the first
   */
  public TapWeights pack(float[] weights, int base) {
    float[] values = new float[weights()];
    int to = 0;
    for (int first = 0, size; first < outputs; first += size) {
      size = tile(outputs - first);
      for (int tap = 0; tap < taps.length; tap++) {
        for (int output = first; output < first + size; output++) {
          values[to++] = tap < tapCount ? weights[base + output * tapCount + tap] : 0;
        }
      }
    }
    return new TapWeights(values, 0);
  }

  /**
   * Computes some neighbouring vectors of all output channels.
   *
   * @param from the input
   * @param fromBase the position under the first output
   * @param weights as {@link #pack} lays them out
   * @param output which of the ending's channels is the first
   * @param to the output
   * @param position the first; it is added to the ending's places
   * @param vectors number of vectors
   */
  public void run(
      float[] from,
      int fromBase,
      TapWeights weights,
      int output,
      float[] to,
      int position,
      int vectors) {
    float[] values = weights.values();
    for (int first = 0, size; first < outputs; first += size) {
      size = tile(outputs - first);
      int w = weights.base() + first * taps.length;
      int o = output + first;
      int done = 0;
      while (done < vectors) {
        int width = width(size, vectors - done);
        int count = taken(size, width, vectors - done);
        int p = fromBase + done * V;
        int at = position + done * V;
        if (width == 1 && size != EIGHT) {
          tiles.column(size, 1, from, p, values, w, o, to, at, count);
        } else if (size == 1) {
          tiles.halves(1, width, from, p, values, w, o, to, at, count);
        } else {
          tiles.pairs(size, width, from, p, values, w, o, to, at, count);
        }
        done += count;
      }
    }
  }

  /**
   * Channels of the next tile: eight where eights fit, or eights and sixes, but not sixes alone.
   */
  private static int tile(int left) {
    boolean six = (left % 6 == 2 && left >= EIGHT) || (left % 6 == 4 && left >= 2 * EIGHT);
    boolean eight = Vectors.MANY_REGISTERS && (left % EIGHT == 0 || six);
    return eight ? EIGHT : TapCost.tile(left);
  }

  /** Vectors of the widest tile that fits. Eight channels leave none that is alone. */
  private static int width(int channels, int vectors) {
    if (channels == EIGHT) {
      return vectors == 1 ? 1 : vectors == 2 || vectors == 4 ? 2 : 3;
    }
    int most = channels <= 2 || Vectors.MANY_REGISTERS ? 4 : 2;
    if (channels == 2 && vectors >= 8 && Vectors.MANY_REGISTERS) {
      return 8;
    }
    return vectors >= most ? most : 1;
  }

  /** How many of the vectors tiles of a width take. */
  private static int taken(int channels, int width, int vectors) {
    if (channels == EIGHT && width == 3 && vectors % 3 == 1) {
      return vectors - 4;
    }
    return vectors / width * width;
  }
}
