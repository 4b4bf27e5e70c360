package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;
import org.junit.jupiter.api.Test;

class InitialisationTest {
  private final Weights weights = Weights.of(Architecture.cifar("IGC-L24M2", 8, 100));

  @Test
  void everyTensorHasItsDistribution() {
    Initialisation.fill(weights, 7);
    for (Parameter parameter : weights.parameters()) {
      float[] values = values(parameter.name());
      switch (parameter.role()) {
        case CONVOLUTION -> assertNormal(values, Math.sqrt(2.0 / parameter.fanIn()));
        case LINEAR -> assertEven(values, 1 / Math.sqrt(parameter.fanIn()));
        case GAMMA, RUNNING_VARIANCE -> assertThat(values).containsOnly(1);
        case BIAS, BETA, RUNNING_MEAN -> assertThat(values).containsOnly(0);
      }
    }
  }

  /** Calculated by another program, in another language. */
  @Test
  void theBitsAreTheSameOnEveryMachine() {
    Initialisation.fill(weights, 7);
    assertThat(Arrays.copyOf(values("stem.conv.weight"), 3))
        .containsExactly(0.45279014f, -0.016227735f, 0.08712332f);
    assertThat(Arrays.copyOf(values("fc.weight"), 3))
        .containsExactly(-0.05807817f, -0.0113276495f, 0.013463727f);
  }

  @Test
  void everyTensorAndSeedHasItsOwnNumbers() {
    Initialisation.fill(weights, 7);
    float[] first = values("stage1.0.primary.weight");
    assertThat(values("stage1.1.primary.weight")).isNotEqualTo(first);
    Initialisation.fill(weights, 8);
    assertThat(values("stage1.0.primary.weight")).isNotEqualTo(first);
    Initialisation.fill(weights, 7);
    assertThat(values("stage1.0.primary.weight")).isEqualTo(first);
  }

  private float[] values(String name) {
    int from = weights.offset(name);
    int size =
        weights.parameters().stream()
            .filter(parameter -> parameter.name().equals(name))
            .findFirst()
            .orElseThrow()
            .size();
    return Arrays.copyOfRange(weights.values(), from, from + size);
  }

  /** Mean and deviation within four standard errors. */
  private static void assertNormal(float[] values, double deviation) {
    double error = deviation / Math.sqrt(values.length);
    assertThat(mean(values)).isCloseTo(0, within(4 * error));
    assertThat(deviation(values)).isCloseTo(deviation, within(4 * error / Math.sqrt(2)));
  }

  private static void assertEven(float[] values, double bound) {
    for (float value : values) {
      assertThat((double) value).isBetween(-bound, bound);
    }
    double deviation = bound / Math.sqrt(3);
    assertThat(mean(values)).isCloseTo(0, within(4 * deviation / Math.sqrt(values.length)));
    assertThat(deviation(values)).isCloseTo(deviation, within(0.02 * bound));
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double deviation(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }
}
