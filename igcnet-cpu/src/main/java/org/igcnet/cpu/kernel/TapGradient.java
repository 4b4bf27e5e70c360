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
    if (even == 0 || even == columns) {
      add(outputs, gradient, columns, from, fromBase, sums, sumBase);
    } else {
      add(outputs, gradient, even, from, fromBase, sums, sumBase);
      gradient.move(even * V);
      add(outputs, gradient, 1, from, fromBase + even * V, sums, sumBase);
      gradient.move(-even * V);
    }
  }

  /** The first {@code columns} columns: all, an even number of them, or a last one. */
  private void add(
      int outputs,
      Rows gradient,
      int columns,
      float[] from,
      int fromBase,
      float[] sums,
      int sumBase) {
    float[] gradients = gradient.data();
    int rows = gradient.count();
    boolean joined = joins(gradient, columns);
    int length = joined ? columns + (rows - 1) * in.row() / V : columns;
    boolean even = runs && columns > 1;
    for (int first = 0, size; first < outputs; first += size) {
      size = channels(outputs - first, even);
      int g = gradient.base() + first * this.gradient.channel();
      int s = sumBase + first * taps.length * V;
      for (int tap = 0, count; tap < taps.length; tap += count) {
        count = taps(size, taps.length - tap, even);
        int at = s + tap * V;
        switch (kind(size, count, even)) {
          case RUNS ->
              tiles.runs(size, count, gradients, g, from, fromBase, tap, sums, at, rows, columns);
          case LINES ->
              tiles.lines(size, count, gradients, g, from, fromBase, tap, sums, at, rows, columns);
          case POINTS ->
              tiles.points(size, count, gradients, g, from, fromBase, tap, sums, at, rows, columns);
          case PAIRS -> {
            int lines = joined ? 1 : rows;
            tiles.pairs(size, count, gradients, g, from, fromBase, tap, sums, at, lines, length);
          }
          case SECONDS ->
              tiles.seconds(
                  size, count, gradients, g, from, fromBase, tap, sums, at, rows, columns);
        }
      }
    }
  }

  /** Whether rows are one with what lies between them. */
  private boolean joins(Rows gradient, int columns) {
    return lines
        && in.row() == this.gradient.row()
        && columns == gradient.length() / V
        && (long) gradient.count() * in.row() < LONGEST;
  }

  /**
   * Channels of the next tile. With 16 registers it is four where taps share nothing, as then more
   * channels mean fewer loads.
   *
   * @param even whether columns are even in number and taps come in threes
   */
  private int channels(int left, boolean even) {
    boolean four = !even && left >= 4 && (Vectors.MANY_REGISTERS || (lines && !threes));
    return four ? 4 : Math.min(left, 2);
  }

  /** Taps of the next tile: as many as leave registers for what the sums are made of. */
  private int taps(int channels, int left, boolean even) {
    if (Vectors.MANY_REGISTERS) {
      int most = even ? 9 : lines && channels == 4 ? 6 : 4;
      return left >= most ? most : even ? 3 : left >= 4 ? 4 : 1;
    }
    if (lines && channels > 1) {
      return channels == 4 ? Math.min(left, 2) : fiveOrFour(left);
    }
    if (seconds && threes && channels == 2) {
      return 3;
    }
    return even ? left >= 6 ? 6 : 3 : left >= 4 ? 4 : 1;
  }

  /** Fives and fours, so that there is nothing left where that can be. */
  private static int fiveOrFour(int left) {
    boolean five = left % 5 == 0 || left == 6 || left == 7;
    return five ? 5 : left >= 4 ? 4 : 1;
  }

  /** The kinds of tiles, as {@link GradientTiles} has them. */
  private enum Kind {
    RUNS,
    LINES,
    POINTS,
    PAIRS,
    SECONDS
  }

  private Kind kind(int channels, int count, boolean even) {
    if (Vectors.MANY_REGISTERS) {
      boolean line = lines && (count == 6 || (count == 4 && channels == 2));
      return even ? Kind.RUNS : line ? Kind.LINES : Kind.POINTS;
    }
    if (lines && channels > 1 && count > 1) {
      return Kind.PAIRS;
    }
    if (seconds && count == 3) {
      return Kind.SECONDS;
    }
    return even && channels == 1 ? Kind.RUNS : Kind.POINTS;
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
