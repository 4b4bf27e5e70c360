package org.igcnet.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Fused multiply-adds on registers: what no kernel can exceed. */
final class MultiplyAdds {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int ROUNDS = 400_000;
  private static final int SUMS = 12;

  /** Multiply-adds of one run. */
  static final long COUNT = (long) ROUNDS * SUMS * SPECIES.length();

  private MultiplyAdds() {}

  /** Twelve sums hide the latency of two units, and leave registers for the factors. */
  static void run(float[] to) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 1e-3f);
    FloatVector a0 = y;
    FloatVector a1 = y;
    FloatVector a2 = y;
    FloatVector a3 = y;
    FloatVector a4 = y;
    FloatVector a5 = y;
    FloatVector a6 = y;
    FloatVector a7 = y;
    FloatVector a8 = y;
    FloatVector a9 = y;
    FloatVector a10 = y;
    FloatVector a11 = y;
    for (int i = 0; i < ROUNDS; i++) {
      a0 = a0.fma(x, y);
      a1 = a1.fma(x, y);
      a2 = a2.fma(x, y);
      a3 = a3.fma(x, y);
      a4 = a4.fma(x, y);
      a5 = a5.fma(x, y);
      a6 = a6.fma(x, y);
      a7 = a7.fma(x, y);
      a8 = a8.fma(x, y);
      a9 = a9.fma(x, y);
      a10 = a10.fma(x, y);
      a11 = a11.fma(x, y);
    }
    int v = SPECIES.length();
    a0.intoArray(to, 0);
    a1.intoArray(to, v);
    a2.intoArray(to, 2 * v);
    a3.intoArray(to, 3 * v);
    a4.intoArray(to, 4 * v);
    a5.intoArray(to, 5 * v);
    a6.intoArray(to, 6 * v);
    a7.intoArray(to, 7 * v);
    a8.intoArray(to, 8 * v);
    a9.intoArray(to, 9 * v);
    a10.intoArray(to, 10 * v);
    a11.intoArray(to, 11 * v);
  }
}
