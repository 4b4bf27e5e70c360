package org.igcnet.spark;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.igcnet.backend.GradientExchange.Tally;

/**
 * How long workers take to add up gradients over connections of this machine, each worker on a
 * thread. {@code build/spark-exchange} runs it.
 */
final class ExchangeSpeed {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** Weights of IGC-L24M2 D=20, of one ten times as large, and of IGC-L100M2+Ident. */
  private static final int[] SIZES = {150_000, 1_500_000, 8_600_000};

  /** Before the measured ones, so that the code is compiled. */
  private static final int WARM = 300;

  private static final PrintStream OUT = System.out;

  private ExchangeSpeed() {}

  public static void main(String[] words) throws Exception {
    int workers = words.length > 0 ? Integer.parseInt(words[0]) : 2;
    int rounds = words.length > 1 ? Integer.parseInt(words[1]) : 200;
    OUT.printf("%d workers, %d exchanges each%n", workers, rounds);
    for (int floats : SIZES) {
      double[] millis = millis(workers, floats, rounds);
      OUT.printf(
          Locale.ROOT,
          "%,10d floats: median %.2f ms, nine of ten under %.2f ms%n",
          floats,
          millis[rounds / 2],
          millis[rounds * 9 / 10]);
    }
  }

  /** What the first worker measured, sorted. */
  private static double[] millis(int workers, int floats, int rounds) throws Exception {
    return MeshTest.together(workers, PATIENCE, links -> millis(new Mesh(links), floats, rounds))
        .getFirst();
  }

  private static double[] millis(Mesh mesh, int floats, int rounds) {
    float[] gradients = new float[floats];
    double[] millis = new double[rounds];
    for (int round = -Math.min(WARM, rounds); round < rounds; round++) {
      long began = System.nanoTime();
      mesh.sum(gradients, Tally.NONE);
      if (round >= 0) {
        millis[round] = (System.nanoTime() - began) / 1e6;
      }
    }
    Arrays.sort(millis);
    return millis;
  }
}
