package org.igcnet.cpu.kernel;

import java.util.Random;

/** Numbers for tests of kernels. */
final class Noise {
  private Noise() {}

  /** From −0.5 to 0.5. */
  static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
