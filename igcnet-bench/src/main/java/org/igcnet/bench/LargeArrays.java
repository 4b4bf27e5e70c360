package org.igcnet.bench;

import java.util.Random;
import org.igcnet.cpu.kernel.Lanes;

/**
 * Arrays that lie in memory as the engine's do: large enough for vectors to lie within cache lines
 * where values begin {@link Lanes#LEAD} places into the array.
 */
final class LargeArrays {
  private LargeArrays() {}

  /** Zeros, with room for so many values. */
  static float[] zeros(int values) {
    return new float[Math.max(Lanes.LARGE, Lanes.LEAD + values)];
  }

  /** Values from −0.5 to 0.5, the same each time for one seed. */
  static float[] noise(int values, int seed) {
    Random random = new Random(seed);
    float[] noise = zeros(values);
    for (int i = 0; i < values; i++) {
      noise[Lanes.LEAD + i] = random.nextFloat() - 0.5f;
    }
    return noise;
  }
}
