package org.igcnet.cpu.kernel;

import java.util.List;

/** What the tiles of a {@link PlaneConvolution} read, laid out as they want it. */
final class Partitions {
  /** Channels of the tallest tiles, whose sums need 32 registers. */
  static final int EIGHT = 8;

  private final int[] taps;
  private final int outputs;
  private final int[] inputs;
  private final int[] firsts;
  private final float[] weights;

  Partitions(int[] taps, int outputs, List<Partition> partitions, float[] weights) {
    this.taps = TapConvolution.inPairs(taps);
    this.outputs = outputs;
    this.inputs = partitions.stream().mapToInt(Partition::input).toArray();
    this.firsts = partitions.stream().mapToInt(Partition::output).toArray();
    this.weights = new float[count() * outputs * this.taps.length];
    for (int part = 0; part < count(); part++) {
      pack(weights, firsts[part] * taps.length, taps.length, weight(part, 0));
    }
  }

  /** Tile by tile, in each tap by tap, for each the tile's channels. An odd tap's are zeros. */
  private void pack(float[] from, int base, int tapCount, int at) {
    int to = at;
    for (int first = 0, size; first < outputs; first += size) {
      size = tile(outputs - first);
      for (int tap = 0; tap < taps.length; tap++) {
        for (int output = first; output < first + size; output++) {
          weights[to++] = tap < tapCount ? from[base + output * tapCount + tap] : 0;
        }
      }
    }
  }

  int count() {
    return inputs.length;
  }

  /** Of each output channel, an even number. */
  int[] taps() {
    return taps;
  }

  float[] weights() {
    return weights;
  }

  /** Where a partition's first input channel lies. */
  int input(int part) {
    return inputs[part];
  }

  /** A partition's first output channel. */
  int output(int part) {
    return firsts[part];
  }

  /** Where the weights of a tile begin whose first channel is that one of the partition. */
  int weight(int part, int channel) {
    return (part * outputs + channel) * taps.length;
  }

  /**
   * Channels of the next tile: eight where eights fit, or eights and sixes, but not sixes alone.
   */
  static int tile(int left) {
    boolean six = (left % 6 == 2 && left >= EIGHT) || (left % 6 == 4 && left >= 2 * EIGHT);
    boolean eight = Vectors.MANY_REGISTERS && (left % EIGHT == 0 || six);
    return eight ? EIGHT : TapCost.tile(left);
  }
}
