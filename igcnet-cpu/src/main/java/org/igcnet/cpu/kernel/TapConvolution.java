package org.igcnet.cpu.kernel;

import java.util.Arrays;

/**
 * A convolution as a sum over taps: {@code out[o][row][col] = Σ_t w[o][t] · in[row][col +
 * taps[t]]}, where a tap is any place relative to the output's own: another column, row or channel.
 * That one form serves every group convolution forward and backward, at any kernel size and stride;
 * permutations of channels are steps between channels.
 *
 * <p>All steps and offsets count floats. A vector is one position of V images.
 */
public final class TapConvolution {
  private static final int V = Lanes.COUNT;

  private final int[] taps;

  /** Whether taps come in threes of neighbouring columns. */
  private final boolean threes;

  /** Whether tiles take them so: 2 × 8 sums need 32 registers, and with 16 pairs are faster. */
  private final boolean runs;

  private final int outputs;
  private final Steps in;
  private final Steps out;
  private final ConvolutionTiles tiles;

  /**
   * Fixes everything but where the strips begin.
   *
   * @param taps where each tap lies, relative to the position under the output
   * @param outputs number of output channels
   * @param in steps of the input; the channel step is not used, taps hold it
   * @param out steps of the output
   */
  public TapConvolution(int[] taps, int outputs, Steps in, Steps out) {
    this.threes = in.column() == V && inRuns(taps);
    this.runs = threes && (Vectors.MANY_REGISTERS || outputs == 1);
    this.taps = runs ? taps.clone() : inPairs(taps);
    this.outputs = outputs;
    this.in = in;
    this.out = out;
    this.tiles = new ConvolutionTiles(this.taps, in, out);
  }

  /** Whether taps come in threes of neighbouring columns, as those of a 3×3 kernel do. */
  static boolean inRuns(int[] taps) {
    boolean runs = taps.length > 0 && taps.length % 3 == 0;
    for (int tap = 0; runs && tap < taps.length; tap += 3) {
      runs = taps[tap + 1] == taps[tap] + V && taps[tap + 2] == taps[tap] + 2 * V;
    }
    return runs;
  }

  /** Kernels take two taps at a time: an odd last one stands twice, with a weight of zero. */
  static int[] inPairs(int[] taps) {
    int[] pairs = Arrays.copyOf(taps, taps.length + taps.length % 2);
    if (taps.length % 2 == 1) {
      pairs[taps.length] = pairs[taps.length - 1];
    }
    return pairs;
  }

  /** Number of weights as the kernels want them, some of which may be no weight but zero. */
  public int weights() {
    return outputs * taps.length;
  }

  /**
   * Lays weights out as the kernels want them: tiles of output channels, in each the taps in order,
   * and for each tap the tile's channels side by side. Places that are no weight's get zero.
   *
   * @param weights as they stand in the network
   * @param base the first of this partition
   * @param tapWeights for each tap where its weight for output channel 0 stands, from the first
   * @param outputStep weights between the same tap's for neighbouring output channels
   * @param packed gets {@link #weights()} values
   */
  public void pack(float[] weights, int base, int[] tapWeights, int outputStep, TapWeights packed) {
    float[] values = packed.values();
    int to = packed.base();
    for (int first = 0, size; first < outputs; first += size) {
      size = tileSize(outputs - first);
      for (int tap = 0; tap < taps.length; tap++) {
        for (int output = first; output < first + size; output++) {
          values[to++] =
              tap < tapWeights.length ? weights[base + tapWeights[tap] + output * outputStep] : 0;
        }
      }
    }
  }

  /** Channels of the next tile: two where columns are shared by taps. */
  private int tileSize(int left) {
    return runs ? Math.min(left, 2) : TapCost.tile(left);
  }

  /**
   * Computes a rectangle of all output channels.
   *
   * @param from the input
   * @param fromBase the position under the first output
   * @param weights as {@link #pack} lays them out
   * @param to the output
   * @param toBase the first output
   * @param rows number of output rows
   * @param columns number of output columns
   */
  public void run(
      float[] from,
      int fromBase,
      TapWeights weights,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    float[] values = weights.values();
    for (int first = 0, size; first < outputs; first += size) {
      size = tileSize(outputs - first);
      int w = weights.base() + first * taps.length;
      int done = 0;
      for (int width = widest(size, columns); width > 0; width = widest(size, columns - done)) {
        int whole = threes && width == 2 ? 4 : width;
        int count = (columns - done) / whole * whole;
        int p = fromBase + done * in.column();
        int o = toBase + first * out.channel() + done * out.column();
        if (width == 1) {
          tiles.column(size, 1, from, p, values, w, to, o, rows, count);
        } else if (runs) {
          tiles.runs(size, width, from, p, values, w, to, o, rows, count);
        } else if (size == 1 && !threes) {
          tiles.halves(1, width, from, p, values, w, to, o, rows, count);
        } else {
          tiles.pairs(size, width, from, p, values, w, to, o, rows, count);
        }
        done += count;
      }
    }
  }

  /**
   * Columns of the widest tile that fits; 0 where nothing is left. Whether one column is computed
   * at a time, in another order, depends on the columns that are left, never on the registers: so
   * sums are the same to the bit with 16 registers and with 32.
   */
  private int widest(int channels, int columns) {
    if (in.column() != V || columns < 2) {
      return Math.min(columns, 1);
    }
    int most = channels <= 2 || Vectors.MANY_REGISTERS ? 4 : 2;
    if (threes) {
      boolean eight = columns >= 8 && (runs || channels == 1);
      return eight ? 8 : columns >= 4 && channels >= 2 ? most : 1;
    }
    return columns >= most ? most : channels > 2 ? 2 : 1;
  }
}
