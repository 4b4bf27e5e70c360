package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a {@link TapConvolution}'s weights: {@code dw[o][t] += Σ_row,col
 * gradient[o][row][col] · in[row][col + taps[t]]}.
 *
 * <p>The sums stay in registers over all positions of a strip, and are added to memory a vector
 * each: the sum over lanes is left to {@link #sumLanes}, once at the end. (The vector API's own
 * reduction may add in any order, so that its result may change when the compiler steps in.)
 */
public final class TapGradient {
  private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;

  /** Vectors whose lanes are added before they have left the first-level cache. */
  private static final int TOGETHER = 64;

  private static final int V = Lanes.COUNT;

  /** Lanes that are left when lanes are added: the fewest that a vector can have. */
  private static final int FEW = 4;

  /** Floats of a row at most, and of all rows that are one. */
  static final int LONGEST = 1 << 28;

  /** Where a row may begin: with the longest row behind it, an array's index is still a number. */
  static final int FARTHEST = Integer.MAX_VALUE - LONGEST - (1 << 12);

  private final int[] taps;

  /** Whether columns are neighbours, and so their step a constant. */
  private final boolean lines;

  /** Whether every second column is read. */
  private final boolean seconds;

  /** Whether taps are neighbouring columns, in threes. */
  private final boolean threes;

  /** Whether columns are neighbours and taps are, too. */
  private final boolean runs;

  private final Steps in;
  private final Steps gradient;
  private final GradientTiles tiles;

  /**
   * Fixes everything but where the strips begin. Where rows lie equally far apart in both, the
   * gradient has zeros between its rows: then positions there may count.
   *
   * @param taps where each tap lies, relative to the position under the output
   * @param in steps of the input; the channel step is not used, taps hold it
   * @param gradient steps of the output's gradient
   */
  public TapGradient(int[] taps, Steps in, Steps gradient) {
    this.taps = taps.clone();
    this.lines = in.column() == V && gradient.column() == V;
    this.seconds = in.column() == 2 * V && gradient.column() == V;
    this.threes = TapConvolution.inRuns(taps);
    this.runs = lines && threes;
    this.in = in;
    this.gradient = gradient;
    this.tiles = new GradientTiles(this.taps, in, gradient);
  }

  /**
   * Adds a rectangle's part to the gradient of the weights of some output channels.
   *
   * @param outputs number of output channels
   * @param gradient rows of the first one's gradient
   * @param from the input
   * @param fromBase the position under the first output
   * @param sums what to add to, {@code [output][tap][V]} from {@code sumBase} on
   */
  public void run(
      int outputs, Rows gradient, float[] from, int fromBase, float[] sums, int sumBase) {
    int columns = gradient.length() / V;
    int even = runs ? columns & ~1 : 0;
    if (Vectors.MANY_REGISTERS) {
      if (even > 0) {
        pairs(outputs, gradient, even, from, fromBase, sums, sumBase);
      }
      if (even < columns) {
        rest(outputs, gradient, even, from, fromBase, sums, sumBase);
      }
    } else if (even == 0 || even == columns) {
      few(outputs, gradient, columns, from, fromBase, sums, sumBase);
    } else {
      few(outputs, gradient, even, from, fromBase, sums, sumBase);
      gradient.move(even * V);
      few(outputs, gradient, 1, from, fromBase + even * V, sums, sumBase);
      gradient.move(-even * V);
    }
  }

  /** With 32 registers the first {@code columns} columns, two at a time, for taps in threes. */
  private void pairs(
      int outputs,
      Rows gradient,
      int columns,
      float[] from,
      int fromBase,
      float[] sums,
      int sumBase) {
    float[] gradients = gradient.data();
    int rows = gradient.count();
    for (int first = 0, size; first < outputs; first += size) {
      size = Math.min(outputs - first, 2);
      int g = gradient.base() + first * this.gradient.channel();
      int s = sumBase + first * taps.length * V;
      for (int tap = 0, count; tap < taps.length; tap += count) {
        count = runTaps(taps.length - tap);
        int at = s + tap * V;
        tiles.runs(size, count, gradients, g, from, fromBase, tap, sums, at, rows, columns);
      }
    }
  }

  /** With 32 registers the columns after the first {@code done}, one at a time. */
  private void rest(
      int outputs, Rows gradient, int done, float[] from, int fromBase, float[] sums, int sumBase) {
    float[] gradients = gradient.data();
    int rows = gradient.count();
    int columns = gradient.length() / V - done;
    int p = fromBase + done * in.column();
    for (int first = 0, size; first < outputs; first += size) {
      int left = outputs - first;
      size = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      int g = gradient.base() + done * this.gradient.column() + first * this.gradient.channel();
      int s = sumBase + first * taps.length * V;
      for (int tap = 0, count; tap < taps.length; tap += count) {
        count = pointTaps(size, taps.length - tap);
        int at = s + tap * V;
        if (inLines(size, count)) {
          tiles.lines(size, count, gradients, g, from, p, tap, sums, at, rows, columns);
        } else {
          tiles.points(size, count, gradients, g, from, p, tap, sums, at, rows, columns);
        }
      }
    }
  }

  /** Three rows of a 3×3 kernel at a time, or one. */
  private static int runTaps(int left) {
    return left >= 9 ? 9 : 3;
  }

  /** Six for four channels of neighbouring columns. */
  private int pointTaps(int channels, int left) {
    int most = lines && channels == 4 ? 6 : 4;
    return left >= most ? most : left >= 4 ? 4 : 1;
  }

  /** Whether there is a tile for neighbouring columns. */
  private boolean inLines(int channels, int count) {
    return lines && (count == 6 || (count == 4 && channels == 2));
  }

  /**
   * With 16 registers the first {@code columns} columns. Where nothing but zeros lies between rows,
   * they are one.
   */
  private void few(
      int outputs,
      Rows gradient,
      int columns,
      float[] from,
      int fromBase,
      float[] sums,
      int sumBase) {
    boolean joined = joins(gradient, columns);
    int rows = joined ? 1 : gradient.count();
    int length = joined ? columns + (gradient.count() - 1) * in.row() / V : columns;
    float[] gradients = gradient.data();
    for (int first = 0, size; first < outputs; first += size) {
      size = fewChannels(outputs - first);
      int g = gradient.base() + first * this.gradient.channel();
      int s = sumBase + first * taps.length * V;
      for (int tap = 0, count; tap < taps.length; tap += count) {
        count = fewTaps(size, taps.length - tap, columns);
        int at = s + tap * V;
        if (lines && size >= 2 && count >= 2) {
          tiles.pairs(size, count, gradients, g, from, fromBase, tap, sums, at, rows, length);
        } else if (size == 2 && count == 3) {
          tiles.seconds(size, count, gradients, g, from, fromBase, tap, sums, at, rows, length);
        } else if (count % 3 == 0) {
          tiles.runs(size, count, gradients, g, from, fromBase, tap, sums, at, rows, length);
        } else {
          tiles.points(size, count, gradients, g, from, fromBase, tap, sums, at, rows, length);
        }
      }
    }
  }

  /** Whether rows are one with what lies between them; for taps in threes in whole pairs. */
  private boolean joins(Rows gradient, int columns) {
    return lines
        && in.row() == this.gradient.row()
        && in.row() % (runs ? 2 * V : V) == 0
        && columns == gradient.length() / V
        && (long) gradient.count() * in.row() < LONGEST;
  }

  /** Four where taps share nothing, as then more channels mean fewer loads. */
  private int fewChannels(int left) {
    return lines && !threes && left >= 4 ? 4 : Math.min(left, 2);
  }

  /** As many as leave registers for what the sums are made of. */
  private int fewTaps(int channels, int left, int columns) {
    if (lines && channels == 4) {
      return Math.min(left, 2);
    }
    if (lines && channels == 2) {
      return fiveOrFour(left);
    }
    if (seconds && threes && channels == 2) {
      return 3;
    }
    if (runs && columns > 1) {
      return left >= 6 ? 6 : 3;
    }
    return left >= 4 ? 4 : 1;
  }

  /** Fives and fours, so that there is nothing left where that can be. */
  private static int fiveOrFour(int left) {
    boolean five = left % 5 == 0 || left == 6 || left == 7;
    return five ? 5 : left >= 4 ? 4 : 1;
  }

  /**
   * Adds the sum over lanes of each of {@code count} vectors to a value, and spoils the vectors.
   * Lanes are added in fours, then the four sums two by two.
   */
  public static void sumLanes(float[] vectors, int base, int count, float[] to, int toBase) {
    for (int i = 0; i < count; i += TOGETHER) {
      sumSome(vectors, base + i * V, Math.min(TOGETHER, count - i), to, toBase + i);
    }
  }

  /**
   * Of whole vectors, of which only the first lanes count. There is no shorter vector here, as
   * kernels lose much where the compiler has seen vectors of two lengths.
   */
  private static void sumSome(float[] vectors, int base, int count, float[] to, int toBase) {
    int last = count - 1;
    for (int i = 0; i < last; i++) {
      int at = base + i * V;
      FloatVector sum = FloatVector.fromArray(SPECIES, vectors, at);
      for (int lane = FEW; lane < V; lane += FEW) {
        sum = FloatVector.fromArray(SPECIES, vectors, at + lane).add(sum);
      }
      sum.intoArray(vectors, base + FEW * i);
    }
    // Nothing may follow the last vector, so whole ones cannot be read from its middle.
    for (int lane = 0; lane < FEW; lane++) {
      float sum = vectors[base + last * V + lane];
      for (int i = lane + FEW; i < V; i += FEW) {
        sum += vectors[base + last * V + i];
      }
      vectors[base + FEW * last + lane] = sum;
    }
    for (int i = 0; i < count; i++) {
      int at = base + FEW * i;
      to[toBase + i] += (vectors[at] + vectors[at + 1]) + (vectors[at + 2] + vectors[at + 3]);
    }
  }
}
