package org.igcnet.cpu.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is done to planes against the formulas that define it. */
class PlanesTest {
  private static final int BASE = 3;

  @Property(tries = 300)
  void rowsAreSortedByEvenAndOddColumns(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 80) int columns,
      @ForAll int seed) {
    int fromStep = columns + 5;
    int toStep = columns / 2 + 3;
    int length = rows * toStep + Lanes.COUNT;
    Steps to = new Steps(length + 2, toStep, 1);
    int into = BASE + rows * fromStep + 2 * Lanes.COUNT;
    float[] maps = Arrays.copyOf(Noise.values(new Random(seed), into), into + 2 * to.channel());
    maps[into + length] = 7;
    Planes.unzip(maps, BASE, fromStep, into, to, rows, columns);
    for (int i = 0; i < length; i++) {
      int row = i / toStep;
      for (int plane = 0; plane < 2; plane++) {
        int column = 2 * (i % toStep) + plane;
        boolean inside = row < rows && column < columns;
        float wanted = inside ? maps[BASE + row * fromStep + column] : 0;
        assertThat(maps[into + plane * to.channel() + i]).isEqualTo(wanted);
      }
    }
    assertThat(maps[into + length]).isEqualTo(7);
  }

  @Property(tries = 50)
  void theGreatestOfSomePlaces(
      @ForAll @IntRange(min = 1, max = 4) int vectors,
      @ForAll @IntRange(min = 1, max = 9) int tapCount,
      @ForAll int seed) {
    Random random = new Random(seed);
    int length = vectors * Lanes.COUNT;
    int[] taps = random.ints(tapCount, -BASE, 20).toArray();
    float[] x = Noise.values(random, BASE + length + 20);
    float[] floor = new float[length];
    floor[length - 1] = Float.POSITIVE_INFINITY;
    float[] to = new float[BASE + length];
    Planes.greatest(x, BASE, taps, floor, to, BASE);
    for (int i = 0; i < length; i++) {
      float greatest = i == length - 1 ? 0 : Math.max(0, x[BASE + i + taps[0]]);
      for (int tap : taps) {
        greatest = i == length - 1 ? 0 : Math.max(greatest, x[BASE + i + tap]);
      }
      assertThat(to[BASE + i]).isEqualTo(greatest);
    }
  }

  @Property(tries = 50)
  void sumsAllValues(@ForAll @IntRange(min = 0, max = 9) int vectors, @ForAll int seed) {
    float[] x = Noise.values(new Random(seed), BASE + vectors * Lanes.COUNT);
    double wanted = 0;
    for (int i = BASE; i < x.length; i++) {
      wanted += x[i];
    }
    assertThat((double) Planes.sum(x, BASE, vectors * Lanes.COUNT)).isCloseTo(wanted, within(1e-5));
  }
}
