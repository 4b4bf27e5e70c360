package org.igcnet.engine.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A convolution as a sum over taps: {@code out[o][row][col] = Σ_t w[o][t] · in[row][col +
 * taps[t]]}, where a tap is any place relative to the output's own: another column, row or channel.
 * That one form serves every group convolution forward and backward, at any kernel size and stride;
 * permutations of channels are steps between channels.
 *
 * <p>All steps and offsets count floats. A vector is one position of V images.
 */
public final class TapConvolution {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;
  private static final int V = Lanes.COUNT;

  /** Beginning and writing one vector of sums, in multiply-adds of the fastest tile. */
  private static final int COST_OF_WRITING = 6;

  /** A call's share of one vector, in multiply-adds of the fastest tile. */
  private static final int COST_OF_CALL = 3;

  private final int[] taps;
  private final boolean runs;
  private final int outputs;
  private final Steps in;
  private final Steps out;

  /**
   * Fixes everything but where the strips begin.
   *
   * @param taps where each tap lies, relative to the position under the output
   * @param outputs number of output channels
   * @param in steps of the input; the channel step is not used, taps hold it
   * @param out steps of the output
   */
  public TapConvolution(int[] taps, int outputs, Steps in, Steps out) {
    this.runs = in.column() == V && inRuns(taps);
    this.taps = runs ? taps.clone() : inPairs(taps);
    this.outputs = outputs;
    this.in = in;
    this.out = out;
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
  private static int[] inPairs(int[] taps) {
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
   * @param at where they begin
   */
  public void pack(
      float[] weights, int base, int[] tapWeights, int outputStep, float[] packed, int at) {
    int to = at;
    for (int first = 0, size; first < outputs; first += size) {
      size = tileSize(outputs - first);
      for (int tap = 0; tap < taps.length; tap++) {
        for (int output = first; output < first + size; output++) {
          packed[to++] =
              tap < tapWeights.length ? weights[base + tapWeights[tap] + output * outputStep] : 0;
        }
      }
    }
  }

  /** Channels of the next tile: two where columns are shared by taps. */
  private int tileSize(int left) {
    return runs ? Math.min(left, 2) : pairTile(left);
  }

  /** Channels of the next tile where taps are taken in pairs. */
  private static int pairTile(int left) {
    return left >= 6 ? 6 : left >= 4 ? 4 : Math.min(left, 2);
  }

  /**
   * What a convolution costs where a column is a vector and taps are not neighbouring columns: time
   * for one vector of each output, in multiply-adds of the fastest tile. {@code
   * docs/performance.md} compares it with measurements.
   *
   * @param outputs number of output channels
   * @param taps number of taps
   */
  public static double cost(int outputs, int taps) {
    double cost = COST_OF_CALL;
    for (int left = outputs; left > 0; left -= pairTile(left)) {
      int size = pairTile(left);
      double tap =
          switch (size) {
            case 6 -> 1;
            case 4 -> 1.2;
            case 2 -> 1.6;
            default -> 2.2;
          };
      cost += size * (tap * (taps + taps % 2) + COST_OF_WRITING);
    }
    return cost;
  }

  /**
   * Computes a rectangle of all output channels.
   *
   * @param from the input
   * @param fromBase the position under the first output
   * @param weights weights as {@link #pack} lays them out, from {@code weightBase} on
   * @param to the output
   * @param toBase the first output
   * @param rows number of output rows
   * @param columns number of output columns
   */
  public void run(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    for (int first = 0, size; first < outputs; first += size) {
      size = tileSize(outputs - first);
      int w = weightBase + first * taps.length;
      int o = toBase + first * out.channel();
      int done = 0;
      for (int width = widest(size, columns); width > 0; width = widest(size, columns - done)) {
        int count = (columns - done) / width * width;
        int p = fromBase + done * in.column();
        tile(size, width, from, p, weights, w, to, o + done * out.column(), rows, count);
        done += count;
      }
    }
  }

  /** Columns of the widest tile that fits; 0 where nothing is left. */
  private int widest(int channels, int columns) {
    if (in.column() != V || columns < 2) {
      return Math.min(columns, 1);
    }
    if (runs) {
      return columns >= 8 ? 8 : columns >= 4 && channels == 2 ? 4 : 1;
    }
    int most = channels <= 2 || Vectors.MANY_REGISTERS ? 4 : 2;
    return columns >= most ? most : 1;
  }

  private void tile(
      int channels,
      int width,
      float[] from,
      int p,
      float[] weights,
      int w,
      float[] to,
      int o,
      int rows,
      int columns) {
    if (width == 1) {
      switch (channels) {
        case 6 -> column6(from, p, weights, w, to, o, rows, columns);
        case 4 -> column4(from, p, weights, w, to, o, rows, columns);
        case 2 -> column2(from, p, weights, w, to, o, rows, columns);
        default -> column1(from, p, weights, w, to, o, rows, columns);
      }
    } else if (runs) {
      switch (10 * channels + width) {
        case 28 -> runs2x8(from, p, weights, w, to, o, rows, columns);
        case 24 -> runs2x4(from, p, weights, w, to, o, rows, columns);
        default -> runs1x8(from, p, weights, w, to, o, rows, columns);
      }
    } else {
      switch (10 * channels + width) {
        case 64 -> pairs6x4(from, p, weights, w, to, o, rows, columns);
        case 62 -> pairs6x2(from, p, weights, w, to, o, rows, columns);
        case 44 -> pairs4x4(from, p, weights, w, to, o, rows, columns);
        case 42 -> pairs4x2(from, p, weights, w, to, o, rows, columns);
        case 24 -> pairs2x4(from, p, weights, w, to, o, rows, columns);
        default -> pairs1x4(from, p, weights, w, to, o, rows, columns);
      }
    }
  }

  /** 3×3, 2 channels × 8 columns: 16 sums; 10 columns loaded serve 48 multiply-adds. */
  private void runs2x8(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 8) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        FloatVector b4 = FloatVector.zero(SPECIES);
        FloatVector b5 = FloatVector.zero(SPECIES);
        FloatVector b6 = FloatVector.zero(SPECIES);
        FloatVector b7 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 3) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          FloatVector x4 = FloatVector.fromArray(SPECIES, from, q + 4 * V);
          FloatVector x5 = FloatVector.fromArray(SPECIES, from, q + 5 * V);
          FloatVector x6 = FloatVector.fromArray(SPECIES, from, q + 6 * V);
          FloatVector x7 = FloatVector.fromArray(SPECIES, from, q + 7 * V);
          FloatVector x8 = FloatVector.fromArray(SPECIES, from, q + 8 * V);
          FloatVector x9 = FloatVector.fromArray(SPECIES, from, q + 9 * V);
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          a4 = x4.fma(w0, a4);
          a5 = x5.fma(w0, a5);
          a6 = x6.fma(w0, a6);
          a7 = x7.fma(w0, a7);
          b0 = x0.fma(w1, b0);
          b1 = x1.fma(w1, b1);
          b2 = x2.fma(w1, b2);
          b3 = x3.fma(w1, b3);
          b4 = x4.fma(w1, b4);
          b5 = x5.fma(w1, b5);
          b6 = x6.fma(w1, b6);
          b7 = x7.fma(w1, b7);
          w0 = FloatVector.broadcast(SPECIES, weights[w + 2]);
          w1 = FloatVector.broadcast(SPECIES, weights[w + 3]);
          a0 = x1.fma(w0, a0);
          a1 = x2.fma(w0, a1);
          a2 = x3.fma(w0, a2);
          a3 = x4.fma(w0, a3);
          a4 = x5.fma(w0, a4);
          a5 = x6.fma(w0, a5);
          a6 = x7.fma(w0, a6);
          a7 = x8.fma(w0, a7);
          b0 = x1.fma(w1, b0);
          b1 = x2.fma(w1, b1);
          b2 = x3.fma(w1, b2);
          b3 = x4.fma(w1, b3);
          b4 = x5.fma(w1, b4);
          b5 = x6.fma(w1, b5);
          b6 = x7.fma(w1, b6);
          b7 = x8.fma(w1, b7);
          w0 = FloatVector.broadcast(SPECIES, weights[w + 4]);
          w1 = FloatVector.broadcast(SPECIES, weights[w + 5]);
          a0 = x2.fma(w0, a0);
          a1 = x3.fma(w0, a1);
          a2 = x4.fma(w0, a2);
          a3 = x5.fma(w0, a3);
          a4 = x6.fma(w0, a4);
          a5 = x7.fma(w0, a5);
          a6 = x8.fma(w0, a6);
          a7 = x9.fma(w0, a7);
          b0 = x2.fma(w1, b0);
          b1 = x3.fma(w1, b1);
          b2 = x4.fma(w1, b2);
          b3 = x5.fma(w1, b3);
          b4 = x6.fma(w1, b4);
          b5 = x7.fma(w1, b5);
          b6 = x8.fma(w1, b6);
          b7 = x9.fma(w1, b7);
          w += 6;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
        a4.intoArray(to, o + 4 * step);
        a5.intoArray(to, o + 5 * step);
        a6.intoArray(to, o + 6 * step);
        a7.intoArray(to, o + 7 * step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        b2.intoArray(to, o + 2 * step);
        b3.intoArray(to, o + 3 * step);
        b4.intoArray(to, o + 4 * step);
        b5.intoArray(to, o + 5 * step);
        b6.intoArray(to, o + 6 * step);
        b7.intoArray(to, o + 7 * step);
      }
    }
  }

  /** 3×3, 2 channels × 4 columns, for what is left of a row. */
  private void runs2x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 3) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          FloatVector x4 = FloatVector.fromArray(SPECIES, from, q + 4 * V);
          FloatVector x5 = FloatVector.fromArray(SPECIES, from, q + 5 * V);
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          b0 = x0.fma(w1, b0);
          b1 = x1.fma(w1, b1);
          b2 = x2.fma(w1, b2);
          b3 = x3.fma(w1, b3);
          w0 = FloatVector.broadcast(SPECIES, weights[w + 2]);
          w1 = FloatVector.broadcast(SPECIES, weights[w + 3]);
          a0 = x1.fma(w0, a0);
          a1 = x2.fma(w0, a1);
          a2 = x3.fma(w0, a2);
          a3 = x4.fma(w0, a3);
          b0 = x1.fma(w1, b0);
          b1 = x2.fma(w1, b1);
          b2 = x3.fma(w1, b2);
          b3 = x4.fma(w1, b3);
          w0 = FloatVector.broadcast(SPECIES, weights[w + 4]);
          w1 = FloatVector.broadcast(SPECIES, weights[w + 5]);
          a0 = x2.fma(w0, a0);
          a1 = x3.fma(w0, a1);
          a2 = x4.fma(w0, a2);
          a3 = x5.fma(w0, a3);
          b0 = x2.fma(w1, b0);
          b1 = x3.fma(w1, b1);
          b2 = x4.fma(w1, b2);
          b3 = x5.fma(w1, b3);
          w += 6;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        b2.intoArray(to, o + 2 * step);
        b3.intoArray(to, o + 3 * step);
      }
    }
  }

  /** 3×3, 1 channel × 8 columns: channel-wise convolutions and odd partitions. */
  private void runs1x8(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 8) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 3) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          FloatVector x4 = FloatVector.fromArray(SPECIES, from, q + 4 * V);
          FloatVector x5 = FloatVector.fromArray(SPECIES, from, q + 5 * V);
          FloatVector x6 = FloatVector.fromArray(SPECIES, from, q + 6 * V);
          FloatVector x7 = FloatVector.fromArray(SPECIES, from, q + 7 * V);
          FloatVector x8 = FloatVector.fromArray(SPECIES, from, q + 8 * V);
          FloatVector x9 = FloatVector.fromArray(SPECIES, from, q + 9 * V);
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          a4 = x4.fma(w0, a4);
          a5 = x5.fma(w0, a5);
          a6 = x6.fma(w0, a6);
          a7 = x7.fma(w0, a7);
          w0 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          a0 = x1.fma(w0, a0);
          a1 = x2.fma(w0, a1);
          a2 = x3.fma(w0, a2);
          a3 = x4.fma(w0, a3);
          a4 = x5.fma(w0, a4);
          a5 = x6.fma(w0, a5);
          a6 = x7.fma(w0, a6);
          a7 = x8.fma(w0, a7);
          w0 = FloatVector.broadcast(SPECIES, weights[w + 2]);
          a0 = x2.fma(w0, a0);
          a1 = x3.fma(w0, a1);
          a2 = x4.fma(w0, a2);
          a3 = x5.fma(w0, a3);
          a4 = x6.fma(w0, a4);
          a5 = x7.fma(w0, a5);
          a6 = x8.fma(w0, a6);
          a7 = x9.fma(w0, a7);
          w += 3;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
        a4.intoArray(to, o + 4 * step);
        a5.intoArray(to, o + 5 * step);
        a6.intoArray(to, o + 6 * step);
        a7.intoArray(to, o + 7 * step);
      }
    }
  }

  /** 6 channels × 4 columns: 24 sums, for 32 registers; 20 loads for 48 multiply-adds. */
  private void pairs6x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector d3 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector e2 = FloatVector.zero(SPECIES);
        FloatVector e3 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        FloatVector f2 = FloatVector.zero(SPECIES);
        FloatVector f3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 2) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          a2 = x2.fma(weight, a2);
          a3 = x3.fma(weight, a3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          b2 = x2.fma(weight, b2);
          b3 = x3.fma(weight, b3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          c2 = x2.fma(weight, c2);
          c3 = x3.fma(weight, c3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          d2 = x2.fma(weight, d2);
          d3 = x3.fma(weight, d3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
          e0 = x0.fma(weight, e0);
          e1 = x1.fma(weight, e1);
          e2 = x2.fma(weight, e2);
          e3 = x3.fma(weight, e3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
          f0 = x0.fma(weight, f0);
          f1 = x1.fma(weight, f1);
          f2 = x2.fma(weight, f2);
          f3 = x3.fma(weight, f3);
          q = p + taps[tap + 1];
          x0 = FloatVector.fromArray(SPECIES, from, q);
          x1 = FloatVector.fromArray(SPECIES, from, q + V);
          x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          a2 = x2.fma(weight, a2);
          a3 = x3.fma(weight, a3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          b2 = x2.fma(weight, b2);
          b3 = x3.fma(weight, b3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          c2 = x2.fma(weight, c2);
          c3 = x3.fma(weight, c3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          d2 = x2.fma(weight, d2);
          d3 = x3.fma(weight, d3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
          e0 = x0.fma(weight, e0);
          e1 = x1.fma(weight, e1);
          e2 = x2.fma(weight, e2);
          e3 = x3.fma(weight, e3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
          f0 = x0.fma(weight, f0);
          f1 = x1.fma(weight, f1);
          f2 = x2.fma(weight, f2);
          f3 = x3.fma(weight, f3);
          w += 12;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        b2.intoArray(to, o + 2 * step);
        b3.intoArray(to, o + 3 * step);
        o += channel;
        c0.intoArray(to, o);
        c1.intoArray(to, o + step);
        c2.intoArray(to, o + 2 * step);
        c3.intoArray(to, o + 3 * step);
        o += channel;
        d0.intoArray(to, o);
        d1.intoArray(to, o + step);
        d2.intoArray(to, o + 2 * step);
        d3.intoArray(to, o + 3 * step);
        o += channel;
        e0.intoArray(to, o);
        e1.intoArray(to, o + step);
        e2.intoArray(to, o + 2 * step);
        e3.intoArray(to, o + 3 * step);
        o += channel;
        f0.intoArray(to, o);
        f1.intoArray(to, o + step);
        f2.intoArray(to, o + 2 * step);
        f3.intoArray(to, o + 3 * step);
      }
    }
  }

  /** 6 channels × 2 columns: 12 sums, for 16 registers. */
  private void pairs6x2(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 2) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 2) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
          e0 = x0.fma(weight, e0);
          e1 = x1.fma(weight, e1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
          f0 = x0.fma(weight, f0);
          f1 = x1.fma(weight, f1);
          q = p + taps[tap + 1];
          x0 = FloatVector.fromArray(SPECIES, from, q);
          x1 = FloatVector.fromArray(SPECIES, from, q + V);
          weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 8]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 9]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 10]);
          e0 = x0.fma(weight, e0);
          e1 = x1.fma(weight, e1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 11]);
          f0 = x0.fma(weight, f0);
          f1 = x1.fma(weight, f1);
          w += 12;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        o += channel;
        c0.intoArray(to, o);
        c1.intoArray(to, o + step);
        o += channel;
        d0.intoArray(to, o);
        d1.intoArray(to, o + step);
        o += channel;
        e0.intoArray(to, o);
        e1.intoArray(to, o + step);
        o += channel;
        f0.intoArray(to, o);
        f1.intoArray(to, o + step);
      }
    }
  }

  /** 4 channels × 4 columns: 16 sums, for 32 registers. */
  private void pairs4x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector d2 = FloatVector.zero(SPECIES);
        FloatVector d3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 2) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          a2 = x2.fma(weight, a2);
          a3 = x3.fma(weight, a3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          b2 = x2.fma(weight, b2);
          b3 = x3.fma(weight, b3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          c2 = x2.fma(weight, c2);
          c3 = x3.fma(weight, c3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          d2 = x2.fma(weight, d2);
          d3 = x3.fma(weight, d3);
          q = p + taps[tap + 1];
          x0 = FloatVector.fromArray(SPECIES, from, q);
          x1 = FloatVector.fromArray(SPECIES, from, q + V);
          x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          a2 = x2.fma(weight, a2);
          a3 = x3.fma(weight, a3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          b2 = x2.fma(weight, b2);
          b3 = x3.fma(weight, b3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          c2 = x2.fma(weight, c2);
          c3 = x3.fma(weight, c3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          d2 = x2.fma(weight, d2);
          d3 = x3.fma(weight, d3);
          w += 8;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        b2.intoArray(to, o + 2 * step);
        b3.intoArray(to, o + 3 * step);
        o += channel;
        c0.intoArray(to, o);
        c1.intoArray(to, o + step);
        c2.intoArray(to, o + 2 * step);
        c3.intoArray(to, o + 3 * step);
        o += channel;
        d0.intoArray(to, o);
        d1.intoArray(to, o + step);
        d2.intoArray(to, o + 2 * step);
        d3.intoArray(to, o + 3 * step);
      }
    }
  }

  /** 4 channels × 2 columns: 8 sums, for 16 registers. */
  private void pairs4x2(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 2) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 2) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          q = p + taps[tap + 1];
          x0 = FloatVector.fromArray(SPECIES, from, q);
          x1 = FloatVector.fromArray(SPECIES, from, q + V);
          weight = FloatVector.broadcast(SPECIES, weights[w + 4]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 5]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 6]);
          c0 = x0.fma(weight, c0);
          c1 = x1.fma(weight, c1);
          weight = FloatVector.broadcast(SPECIES, weights[w + 7]);
          d0 = x0.fma(weight, d0);
          d1 = x1.fma(weight, d1);
          w += 8;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        o += channel;
        c0.intoArray(to, o);
        c1.intoArray(to, o + step);
        o += channel;
        d0.intoArray(to, o);
        d1.intoArray(to, o + step);
      }
    }
  }

  /** 2 channels × 4 columns: 8 sums. */
  private void pairs2x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 2) {
          int q = p + taps[tap];
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + V);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          a2 = x2.fma(weight, a2);
          a3 = x3.fma(weight, a3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          b2 = x2.fma(weight, b2);
          b3 = x3.fma(weight, b3);
          q = p + taps[tap + 1];
          x0 = FloatVector.fromArray(SPECIES, from, q);
          x1 = FloatVector.fromArray(SPECIES, from, q + V);
          x2 = FloatVector.fromArray(SPECIES, from, q + 2 * V);
          x3 = FloatVector.fromArray(SPECIES, from, q + 3 * V);
          weight = FloatVector.broadcast(SPECIES, weights[w + 2]);
          a0 = x0.fma(weight, a0);
          a1 = x1.fma(weight, a1);
          a2 = x2.fma(weight, a2);
          a3 = x3.fma(weight, a3);
          weight = FloatVector.broadcast(SPECIES, weights[w + 3]);
          b0 = x0.fma(weight, b0);
          b1 = x1.fma(weight, b1);
          b2 = x2.fma(weight, b2);
          b3 = x3.fma(weight, b3);
          w += 4;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
        o += channel;
        b0.intoArray(to, o);
        b1.intoArray(to, o + step);
        b2.intoArray(to, o + 2 * step);
        b3.intoArray(to, o + 3 * step);
      }
    }
  }

  /** 1 channel × 4 columns, even and odd taps apart: 8 sums hide the latency of the addition. */
  private void pairs1x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * V;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap = 0; tap < taps.length; tap += 2) {
          int q = p + taps[tap];
          FloatVector weight = FloatVector.broadcast(SPECIES, weights[w]);
          a0 = FloatVector.fromArray(SPECIES, from, q).fma(weight, a0);
          a1 = FloatVector.fromArray(SPECIES, from, q + V).fma(weight, a1);
          a2 = FloatVector.fromArray(SPECIES, from, q + 2 * V).fma(weight, a2);
          a3 = FloatVector.fromArray(SPECIES, from, q + 3 * V).fma(weight, a3);
          q = p + taps[tap + 1];
          weight = FloatVector.broadcast(SPECIES, weights[w + 1]);
          b0 = FloatVector.fromArray(SPECIES, from, q).fma(weight, b0);
          b1 = FloatVector.fromArray(SPECIES, from, q + V).fma(weight, b1);
          b2 = FloatVector.fromArray(SPECIES, from, q + 2 * V).fma(weight, b2);
          b3 = FloatVector.fromArray(SPECIES, from, q + 3 * V).fma(weight, b3);
          w += 2;
        }
        int o = toBase + row * out.row() + column * step;
        a0.add(b0).intoArray(to, o);
        a1.add(b1).intoArray(to, o + step);
        a2.add(b2).intoArray(to, o + 2 * step);
        a3.add(b3).intoArray(to, o + 3 * step);
      }
    }
  }

  /**
   * 6 channels, one column at any step, even and odd taps apart: two short chains of additions
   * instead of a long one.
   */
  private void column6(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * in.column();
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        FloatVector e0 = FloatVector.zero(SPECIES);
        FloatVector e1 = FloatVector.zero(SPECIES);
        FloatVector f0 = FloatVector.zero(SPECIES);
        FloatVector f1 = FloatVector.zero(SPECIES);
        int w = weightBase;
        int paired = taps.length & ~1;
        for (int tap = 0; tap < paired; tap += 2) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
          FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
          c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
          d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
          e0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 4]), e0);
          f0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 5]), f0);
          a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 6]), a1);
          b1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 7]), b1);
          c1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 8]), c1);
          d1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 9]), d1);
          e1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 10]), e1);
          f1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 11]), f1);
          w += 12;
        }
        if (paired < taps.length) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
          c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
          d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
          e0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 4]), e0);
          f0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 5]), f0);
        }
        int o = toBase + row * out.row() + column * step;
        a0.add(a1).intoArray(to, o);
        o += channel;
        b0.add(b1).intoArray(to, o);
        o += channel;
        c0.add(c1).intoArray(to, o);
        o += channel;
        d0.add(d1).intoArray(to, o);
        o += channel;
        e0.add(e1).intoArray(to, o);
        o += channel;
        f0.add(f1).intoArray(to, o);
      }
    }
  }

  /**
   * 4 channels, one column at any step, even and odd taps apart: two short chains of additions
   * instead of a long one.
   */
  private void column4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * in.column();
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        FloatVector d1 = FloatVector.zero(SPECIES);
        int w = weightBase;
        int paired = taps.length & ~1;
        for (int tap = 0; tap < paired; tap += 2) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
          FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
          c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
          d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
          a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 4]), a1);
          b1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 5]), b1);
          c1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 6]), c1);
          d1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 7]), d1);
          w += 8;
        }
        if (paired < taps.length) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
          c0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), c0);
          d0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), d0);
        }
        int o = toBase + row * out.row() + column * step;
        a0.add(a1).intoArray(to, o);
        o += channel;
        b0.add(b1).intoArray(to, o);
        o += channel;
        c0.add(c1).intoArray(to, o);
        o += channel;
        d0.add(d1).intoArray(to, o);
      }
    }
  }

  /**
   * 2 channels, one column at any step, even and odd taps apart: two short chains of additions
   * instead of a long one.
   */
  private void column2(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * in.column();
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        int w = weightBase;
        int paired = taps.length & ~1;
        for (int tap = 0; tap < paired; tap += 2) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
          FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
          a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 2]), a1);
          b1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 3]), b1);
          w += 4;
        }
        if (paired < taps.length) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          b0 = x.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), b0);
        }
        int o = toBase + row * out.row() + column * step;
        a0.add(a1).intoArray(to, o);
        o += channel;
        b0.add(b1).intoArray(to, o);
      }
    }
  }

  /**
   * 1 channel, one column at any step, even and odd taps apart: two short chains of additions
   * instead of a long one.
   */
  private void column1(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int step = out.column();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * in.column();
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        int w = weightBase;
        int paired = taps.length & ~1;
        for (int tap = 0; tap < paired; tap += 2) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[tap]);
          FloatVector y = FloatVector.fromArray(SPECIES, from, p + taps[tap + 1]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
          a1 = y.fma(FloatVector.broadcast(SPECIES, weights[w + 1]), a1);
          w += 2;
        }
        if (paired < taps.length) {
          FloatVector x = FloatVector.fromArray(SPECIES, from, p + taps[paired]);
          a0 = x.fma(FloatVector.broadcast(SPECIES, weights[w]), a0);
        }
        int o = toBase + row * out.row() + column * step;
        a0.add(a1).intoArray(to, o);
      }
    }
  }
}
