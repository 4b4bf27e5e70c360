package org.igcnet.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Convolutions of planes against the sums that define them, for every tile and every ending. */
class PlaneConvolutionTest {
  private static final int V = Lanes.COUNT;
  private static final int FROM = 5;
  private static final int FAR = 200;

  /** Channels of the ending before the first that is computed. */
  private static final int BEFORE = 2;

  enum End {
    SUMS,
    RELU,
    ADDED
  }

  @Property(tries = 300)
  void shiftedSumsStandAboveTheirFloor(
      @ForAll @IntRange(min = 1, max = 26) int outputs,
      @ForAll @IntRange(min = 0, max = 28) int tapCount,
      @ForAll @IntRange(min = 1, max = 19) int vectors,
      @ForAll @IntRange(min = 1, max = 3) int count,
      @ForAll End end,
      @ForAll int seed) {
    Random random = new Random(seed);
    int position = random.nextInt(2) * V;
    int length = position + vectors * V;
    int channels = BEFORE + count * outputs;
    int[] places = places(channels, length, random);
    float[] shifts = Noise.values(random, channels);
    float[] floor = floor(random, length);
    int[] taps = random.ints(tapCount, 0, FAR).toArray();
    List<Partition> partitions = partitions(random, count, outputs);
    float[] from = Noise.values(random, FROM + vectors * V + 2 * FAR);
    float[] weights = Noise.values(random, channels * tapCount);
    float[] to = Noise.values(random, channels * length);
    float[] before = to.clone();

    new PlaneConvolution(
            taps,
            outputs,
            partitions,
            weights,
            switch (end) {
              case SUMS -> Ending.sums(places);
              case RELU -> Ending.activated(places, shifts, floor);
              case ADDED -> Ending.added(places, shifts, floor);
            })
        .run(from, FROM, to, position, vectors);

    for (int channel = 0; channel < channels; channel++) {
      for (int i = 0; i < length; i++) {
        int at = places[channel] + i;
        if (channel < BEFORE || i < position) {
          assertThat(to[at]).isEqualTo(before[at]);
          continue;
        }
        int input = partitions.get(count - 1 - (channel - BEFORE) / outputs).input();
        double wanted = 0;
        for (int t = 0; t < tapCount; t++) {
          double weight = weights[channel * tapCount + t];
          wanted += weight * from[FROM + input + i - position + taps[t]];
        }
        if (end != End.SUMS) {
          wanted += shifts[channel] + (end == End.ADDED ? before[at] : 0);
          wanted = wanted > floor[i] ? wanted : 0;
        }
        assertThat((double) to[at]).isCloseTo(wanted, within(1e-5));
      }
    }
  }

  @Property(tries = 100)
  void bitsAreTheSameWhereverPiecesEnd(
      @ForAll @IntRange(min = 1, max = 26) int outputs,
      @ForAll @IntRange(min = 1, max = 28) int tapCount,
      @ForAll @IntRange(min = 1, max = 19) int vectors,
      @ForAll @IntRange(min = 1, max = 4) int pieces,
      @ForAll int seed) {
    Random random = new Random(seed);
    int[] taps = random.ints(tapCount, 0, FAR).toArray();
    float[] from = Noise.values(random, vectors * V + 2 * FAR);
    int channels = BEFORE + 2 * outputs;
    int[] places = places(channels, vectors * V, random);
    PlaneConvolution kernel =
        new PlaneConvolution(
            taps,
            outputs,
            partitions(random, 2, outputs),
            Noise.values(random, channels * tapCount),
            Ending.sums(places));
    float[] whole = new float[channels * vectors * V];
    float[] inPieces = whole.clone();
    kernel.run(from, 0, whole, 0, vectors);
    for (int first = 0; first < vectors; first += pieces * PlaneConvolution.PIECE) {
      int count = Math.min(pieces * PlaneConvolution.PIECE, vectors - first);
      kernel.run(from, first * V, inPieces, first * V, count);
    }
    assertThat(inPieces).isEqualTo(whole);
  }

  /** The last channels' first. */
  private static List<Partition> partitions(Random random, int count, int outputs) {
    return IntStream.range(0, count)
        .map(i -> count - 1 - i)
        .mapToObj(part -> new Partition(random.nextInt(FAR), BEFORE + part * outputs))
        .toList();
  }

  /** Of channels in any order. */
  private static int[] places(int channels, int length, Random random) {
    int[] places = new int[channels];
    for (int channel = 0; channel < channels; channel++) {
      int other = random.nextInt(channel + 1);
      places[channel] = places[other];
      places[other] = channel * length;
    }
    return places;
  }

  private static float[] floor(Random random, int length) {
    float[] floor = new float[length];
    for (int i = 0; i < length; i++) {
      floor[i] =
          switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> Float.NEGATIVE_INFINITY;
            default -> Float.POSITIVE_INFINITY;
          };
    }
    return floor;
  }
}
