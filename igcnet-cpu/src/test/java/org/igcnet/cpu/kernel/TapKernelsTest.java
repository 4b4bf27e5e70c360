package org.igcnet.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The tap kernels against the sums that define them, in double precision, for every kind of tile.
 */
class TapKernelsTest {
  private static final int V = Lanes.COUNT;
  private static final int BASE = 5;

  @Property(tries = 300)
  void convolutionIsASumOverTaps(
      @ForAll @IntRange(min = 1, max = 26) int outputs,
      @ForAll @IntRange(min = 0, max = 28) int tapCount,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 19) int columns,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll boolean runs,
      @ForAll int seed) {
    Random random = new Random(seed);
    Steps in = new Steps(0, 40 * V, stride * V);
    Steps out = new Steps(rows * columns * V + V, columns * V, V);
    int[] taps = taps(tapCount, runs, random);
    float[] from = Noise.values(random, BASE + 40 * V * rows + 60 * V + 203 * V);
    float[] weights = Noise.values(random, outputs * tapCount);
    float[] to = new float[BASE + outputs * out.channel()];
    TapConvolution kernel = new TapConvolution(taps, outputs, in, out);
    TapWeights packed = new TapWeights(new float[3 + kernel.weights()], 3);
    int[] inOrder = IntStream.range(0, tapCount).toArray();
    kernel.pack(weights, 0, inOrder, tapCount, packed);

    kernel.run(from, BASE, packed, to, BASE, rows, columns);

    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < rows * columns * V; i++) {
        int place = i / columns / V * in.row() + i / V % columns * in.column() + i % V;
        double wanted = 0;
        for (int t = 0; t < tapCount; t++) {
          wanted += (double) weights[o * tapCount + t] * from[BASE + place + taps[t]];
        }
        assertThat((double) to[BASE + o * out.channel() + i]).isCloseTo(wanted, within(1e-5));
      }
    }
  }

  @Property(tries = 300)
  void gradientIsASumOverPositions(
      @ForAll @IntRange(min = 1, max = 11) int outputs,
      @ForAll @IntRange(min = 1, max = 28) int tapCount,
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll @IntRange(min = 1, max = 2) int stride,
      @ForAll boolean runs,
      @ForAll boolean apart,
      @ForAll @IntRange(min = 40, max = 41) int distance,
      @ForAll int seed) {
    Random random = new Random(seed);
    Steps in = new Steps(0, distance * V, stride * V);
    int row = apart ? in.row() : columns * V;
    Steps gradient = new Steps(rows * row + V, row, V);
    int[] taps = taps(tapCount, runs, random);
    float[] from = Noise.values(random, BASE + 41 * V * rows + 60 * V + 203 * V);
    float[] gradients = new float[BASE + outputs * gradient.channel()];
    for (int i = 0; i < outputs * rows; i++) {
      float[] values = Noise.values(random, columns * V);
      int at = i / rows * gradient.channel() + i % rows * row;
      System.arraycopy(values, 0, gradients, BASE + at, values.length);
    }
    float[] vectors = new float[(2 + outputs * tapCount) * V];
    TapGradient kernel = new TapGradient(taps, in, gradient);

    Rows window = new Rows().at(gradients, BASE, gradient.row(), rows, columns * V);
    kernel.run(outputs, window, from, BASE, vectors, 2 * V);
    kernel.run(outputs, window, from, BASE, vectors, 2 * V);
    float[] sums = new float[outputs * tapCount];
    TapGradient.sumLanes(vectors, 2 * V, sums.length, sums, 0);

    for (int o = 0; o < outputs; o++) {
      for (int t = 0; t < tapCount; t++) {
        double wanted = 0;
        for (int i = 0; i < rows * columns * V; i++) {
          int place = i / columns / V * in.row() + i / V % columns * in.column() + i % V;
          int at = o * gradient.channel() + i / columns / V * row + i % (columns * V);
          wanted += 2.0 * gradients[BASE + at] * from[BASE + place + taps[t]];
        }
        assertThat((double) sums[o * tapCount + t]).isCloseTo(wanted, within(1e-4));
      }
    }
  }

  /** Anywhere, or in threes of neighbouring columns. */
  private static int[] taps(int count, boolean runs, Random random) {
    int[] taps = random.ints(count, 0, 200).map(place -> place * V).toArray();
    for (int tap = 0; runs && tap < count; tap++) {
      taps[tap] = taps[tap - tap % 3] + tap % 3 * V;
    }
    return taps;
  }
}
