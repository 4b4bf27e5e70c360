package org.igcnet.engine.kernel;

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
  private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;

  private final int[] taps;
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
    this.taps = taps.clone();
    this.outputs = outputs;
    this.in = in;
    this.out = out;
  }

  /** Number of weights: outputs × taps. */
  public int weights() {
    return outputs * taps.length;
  }

  /**
   * Where the kernels want the weight of an output channel and a tap: tiles of 4 (then 2, then 1)
   * output channels, in each the taps in order, and for each tap the tile's channels side by side.
   */
  public int weightIndex(int output, int tap) {
    int first = 0;
    int size = tileSize(outputs);
    while (output >= first + size) {
      first += size;
      size = tileSize(outputs - first);
    }
    return first * taps.length + tap * size + output - first;
  }

  private static int tileSize(int left) {
    return left >= 4 ? 4 : left >= 2 ? 2 : 1;
  }

  /**
   * Computes a rectangle of all output channels.
   *
   * @param from the input
   * @param fromBase the position under the first output
   * @param weights weights in the order of {@link #weightIndex}, from {@code weightBase} on
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
      if (size < 4 && columns >= 8) {
        done = columns & ~7;
        if (size == 2) {
          tile2x8(from, fromBase, weights, w, to, o, rows, done);
        } else {
          tile1x8(from, fromBase, weights, w, to, o, rows, done);
        }
      }
      rest(size, from, fromBase, weights, w, to, o, rows, done, columns);
    }
  }

  /** Columns from {@code done} on, four at a time, then one at a time. */
  private void rest(
      int size,
      float[] from,
      int fromBase,
      float[] weights,
      int w,
      float[] to,
      int toBase,
      int rows,
      int done,
      int columns) {
    int fours = (columns - done) & ~3;
    if (fours > 0) {
      int p = fromBase + done * in.column();
      int o = toBase + done * out.column();
      switch (size) {
        case 4 -> tile4x4(from, p, weights, w, to, o, rows, fours);
        case 2 -> tile2x4(from, p, weights, w, to, o, rows, fours);
        default -> tile1x4(from, p, weights, w, to, o, rows, fours);
      }
    }
    int ones = columns - done - fours;
    if (ones > 0) {
      int p = fromBase + (done + fours) * in.column();
      int o = toBase + (done + fours) * out.column();
      switch (size) {
        case 4 -> tile4x1(from, p, weights, w, to, o, rows, ones);
        case 2 -> tile2x1(from, p, weights, w, to, o, rows, ones);
        default -> tile1x1(from, p, weights, w, to, o, rows, ones);
      }
    }
  }

  /** 4 channels × 4 columns: 16 sums, 8 loads for 16 multiply-adds; needs 21 registers. */
  private void tile4x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * next;
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
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          FloatVector w2 = FloatVector.broadcast(SPECIES, weights[w + 2]);
          FloatVector w3 = FloatVector.broadcast(SPECIES, weights[w + 3]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + next);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * next);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * next);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          b0 = x0.fma(w1, b0);
          b1 = x1.fma(w1, b1);
          b2 = x2.fma(w1, b2);
          b3 = x3.fma(w1, b3);
          c0 = x0.fma(w2, c0);
          c1 = x1.fma(w2, c1);
          c2 = x2.fma(w2, c2);
          c3 = x3.fma(w2, c3);
          d0 = x0.fma(w3, d0);
          d1 = x1.fma(w3, d1);
          d2 = x2.fma(w3, d2);
          d3 = x3.fma(w3, d3);
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

  /** 4 channels × 1 column, for what is left of a row. */
  private void tile4x1(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * next;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector d0 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          FloatVector w2 = FloatVector.broadcast(SPECIES, weights[w + 2]);
          FloatVector w3 = FloatVector.broadcast(SPECIES, weights[w + 3]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          a0 = x0.fma(w0, a0);
          b0 = x0.fma(w1, b0);
          c0 = x0.fma(w2, c0);
          d0 = x0.fma(w3, d0);
          w += 4;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        o += channel;
        b0.intoArray(to, o);
        o += channel;
        c0.intoArray(to, o);
        o += channel;
        d0.intoArray(to, o);
      }
    }
  }

  /** 2 channels × 8 columns: 16 sums, each weight loaded once for 8 columns. */
  private void tile2x8(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 8) {
        int p = fromBase + row * in.row() + column * next;
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
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + next);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * next);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * next);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          b0 = x0.fma(w1, b0);
          b1 = x1.fma(w1, b1);
          b2 = x2.fma(w1, b2);
          b3 = x3.fma(w1, b3);
          x0 = FloatVector.fromArray(SPECIES, from, q + 4 * next);
          x1 = FloatVector.fromArray(SPECIES, from, q + 5 * next);
          x2 = FloatVector.fromArray(SPECIES, from, q + 6 * next);
          x3 = FloatVector.fromArray(SPECIES, from, q + 7 * next);
          a4 = x0.fma(w0, a4);
          a5 = x1.fma(w0, a5);
          a6 = x2.fma(w0, a6);
          a7 = x3.fma(w0, a7);
          b4 = x0.fma(w1, b4);
          b5 = x1.fma(w1, b5);
          b6 = x2.fma(w1, b6);
          b7 = x3.fma(w1, b7);
          w += 2;
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

  /** 2 channels × 4 columns, for what is left of a row. */
  private void tile2x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * next;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        FloatVector b1 = FloatVector.zero(SPECIES);
        FloatVector b2 = FloatVector.zero(SPECIES);
        FloatVector b3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + next);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * next);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * next);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          b0 = x0.fma(w1, b0);
          b1 = x1.fma(w1, b1);
          b2 = x2.fma(w1, b2);
          b3 = x3.fma(w1, b3);
          w += 2;
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

  /** 2 channels × 1 column, for what is left of a row. */
  private void tile2x1(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    int channel = out.channel();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * next;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector b0 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector w1 = FloatVector.broadcast(SPECIES, weights[w + 1]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          a0 = x0.fma(w0, a0);
          b0 = x0.fma(w1, b0);
          w += 2;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        o += channel;
        b0.intoArray(to, o);
      }
    }
  }

  /** 1 channel × 8 columns: a channel-wise convolution; 8 sums hide the latency of the addition. */
  private void tile1x8(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 8) {
        int p = fromBase + row * in.row() + column * next;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        FloatVector a4 = FloatVector.zero(SPECIES);
        FloatVector a5 = FloatVector.zero(SPECIES);
        FloatVector a6 = FloatVector.zero(SPECIES);
        FloatVector a7 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + next);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * next);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * next);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          x0 = FloatVector.fromArray(SPECIES, from, q + 4 * next);
          x1 = FloatVector.fromArray(SPECIES, from, q + 5 * next);
          x2 = FloatVector.fromArray(SPECIES, from, q + 6 * next);
          x3 = FloatVector.fromArray(SPECIES, from, q + 7 * next);
          a4 = x0.fma(w0, a4);
          a5 = x1.fma(w0, a5);
          a6 = x2.fma(w0, a6);
          a7 = x3.fma(w0, a7);
          w++;
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

  /** 1 channel × 4 columns, for what is left of a row. */
  private void tile1x4(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += 4) {
        int p = fromBase + row * in.row() + column * next;
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = FloatVector.zero(SPECIES);
        FloatVector a2 = FloatVector.zero(SPECIES);
        FloatVector a3 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          FloatVector x1 = FloatVector.fromArray(SPECIES, from, q + next);
          FloatVector x2 = FloatVector.fromArray(SPECIES, from, q + 2 * next);
          FloatVector x3 = FloatVector.fromArray(SPECIES, from, q + 3 * next);
          a0 = x0.fma(w0, a0);
          a1 = x1.fma(w0, a1);
          a2 = x2.fma(w0, a2);
          a3 = x3.fma(w0, a3);
          w++;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
        a1.intoArray(to, o + step);
        a2.intoArray(to, o + 2 * step);
        a3.intoArray(to, o + 3 * step);
      }
    }
  }

  /** 1 channel × 1 column, for what is left of a row. */
  private void tile1x1(
      float[] from,
      int fromBase,
      float[] weights,
      int weightBase,
      float[] to,
      int toBase,
      int rows,
      int columns) {
    int[] taps = this.taps;
    int next = in.column();
    int step = out.column();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int p = fromBase + row * in.row() + column * next;
        FloatVector a0 = FloatVector.zero(SPECIES);
        int w = weightBase;
        for (int tap : taps) {
          int q = p + tap;
          FloatVector w0 = FloatVector.broadcast(SPECIES, weights[w]);
          FloatVector x0 = FloatVector.fromArray(SPECIES, from, q);
          a0 = x0.fma(w0, a0);
          w++;
        }
        int o = toBase + row * out.row() + column * step;
        a0.intoArray(to, o);
      }
    }
  }
}
