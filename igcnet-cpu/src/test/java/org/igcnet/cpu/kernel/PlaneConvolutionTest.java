package org.igcnet.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
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
      @ForAll @IntRange(min = 0, max = 1) int position,
      @ForAll End end,
      @ForAll int seed) {
    Random random = new Random(seed);
    int length = (position + vectors) * V;
    int[] places = places(BEFORE + outputs, length, random);
    float[] shifts = values(random, BEFORE + outputs);
    float[] floor = floor(random, length);
    int[] taps = random.ints(tapCount, 0, FAR).toArray();
    float[] from = values(random, FROM + vectors * V + FAR);
    float[] weights = values(random, 3 + outputs * tapCount);
    float[] to = values(random, places.length * length);
    float[] before = to.clone();
    PlaneConvolution kernel =
        new PlaneConvolution(
            taps,
            outputs,
            switch (end) {
              case SUMS -> Ending.sums(places);
              case RELU -> Ending.activated(places, shifts, floor);
              case ADDED -> Ending.added(places, shifts, floor);
            });

    kernel.run(from, FROM, kernel.pack(weights, 3), BEFORE, to, position * V, vectors);

    for (int channel = 0; channel < places.length; channel++) {
      for (int i = 0; i < length; i++) {
        int at = places[channel] + i;
        if (channel < BEFORE || i < position * V) {
          assertThat(to[at]).isEqualTo(before[at]);
          continue;
        }
        double wanted = 0;
        for (int t = 0; t < tapCount; t++) {
          double weight = weights[3 + (channel - BEFORE) * tapCount + t];
          wanted += weight * from[FROM + i - position * V + taps[t]];
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
    float[] from = values(random, vectors * V + FAR);
    int[] places = places(outputs, vectors * V, random);
    PlaneConvolution kernel = new PlaneConvolution(taps, outputs, Ending.sums(places));
    TapWeights weights = kernel.pack(values(random, outputs * tapCount), 0);
    float[] whole = new float[outputs * vectors * V];
    float[] inPieces = whole.clone();
    kernel.run(from, 0, weights, 0, whole, 0, vectors);
    for (int first = 0; first < vectors; first += pieces * PlaneConvolution.PIECE) {
      int count = Math.min(pieces * PlaneConvolution.PIECE, vectors - first);
      kernel.run(from, first * V, weights, 0, inPieces, first * V, count);
    }
    assertThat(inPieces).isEqualTo(whole);
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

  private static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
