package org.igcnet.train;

import java.util.Arrays;
import java.util.Random;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;

/**
 * The first weights. Convolutions: normal with deviation √(2 / fan-in). Final layer: even in
 * ±1/√in, bias 0. Batch normalisation: γ 1, β 0, running mean 0, running variance 1.
 *
 * <p>Every tensor has its own random numbers, drawn from the seed and its name by {@link Random},
 * whose algorithms (with {@link StrictMath}) are part of its specification: the same bits on every
 * machine.
 */
public final class Initialisation {
  private Initialisation() {}

  /**
   * Fills all tensors.
   *
   * @param weights get new values
   * @param seed decides the values
   */
  public static void fill(Weights weights, long seed) {
    for (Parameter parameter : weights.parameters()) {
      int from = weights.offset(parameter.name());
      int to = from + parameter.size();
      float[] values = weights.values();
      Random random = new Random(mixed(seed, parameter.name()));
      switch (parameter.role()) {
        case CONVOLUTION -> normal(values, from, to, Math.sqrt(2.0 / parameter.fanIn()), random);
        case LINEAR -> even(values, from, to, 1 / Math.sqrt(parameter.fanIn()), random);
        case GAMMA, RUNNING_VARIANCE -> Arrays.fill(values, from, to, 1);
        case BIAS, BETA, RUNNING_MEAN -> Arrays.fill(values, from, to, 0);
      }
    }
  }

  private static void normal(float[] values, int from, int to, double deviation, Random random) {
    for (int i = from; i < to; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
  }

  private static void even(float[] values, int from, int to, double bound, Random random) {
    for (int i = from; i < to; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
  }

  /** The finaliser of SplitMix64 over the seed and each letter. */
  private static long mixed(long seed, String name) {
    long state = seed;
    for (int i = 0; i < name.length(); i++) {
      state += 0x9E3779B97F4A7C15L + name.charAt(i);
      state = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
      state = (state ^ state >>> 27) * 0x94D049BB133111EBL;
      state ^= state >>> 31;
    }
    return state;
  }
}
