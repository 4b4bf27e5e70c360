package org.igcnet.cpu.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.Optimiser;
import org.igcnet.backend.Precision;
import org.igcnet.backend.Setup;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;
import org.junit.jupiter.api.Test;

class SgdTest {
  /** Powers of two, so that every number below is exact. */
  private final Optimiser optimiser = Optimiser.of(0.5, 0.25);

  private final Architecture network = Architecture.cifar("RegConv-W4", 5, 3);
  private final State state = State.of(network);
  private final Weights weights = state.weights();
  private final float[] gradients = new float[weights.values().length];
  private final Sgd sgd = sgd(optimiser, Set.of());

  @Test
  void twoStepsByHandWithDecay() {
    step(2, 1, 0.5);
    // g = 1 + 2/4 = 1.5; v = 1.5; w = 2 − (1.5 + 1.5/2)/2
    assertEverywhere("stem.conv.weight", 0.875f, 1.5f);
    assertEverywhere("stem.bn.weight", 0.875f, 1.5f);
    assertEverywhere("fc.weight", 0.875f, 1.5f);
    gradients(2);
    sgd.step(0.25);
    // g = 2 + 0.875/4 = 2.21875; v = 0.75 + 2.21875; w = 0.875 − (2.21875 + 2.96875/2)/4
    assertEverywhere("stem.conv.weight", -0.05078125f, 2.96875f);
  }

  @Test
  void biasesAndBetasDoNotDecay() {
    step(2, 1, 0.5);
    // v = g = 1; w = 2 − (1 + 1/2)/2
    assertEverywhere("stem.bn.bias", 1.25f, 1);
    assertEverywhere("fc.bias", 1.25f, 1);
  }

  @Test
  void runningAveragesAreLeftAlone() {
    step(2, 1, 0.5);
    assertEverywhere("stem.bn.running_mean", 2, 0);
    assertEverywhere("stem.bn.running_var", 2, 0);
    assertThat(state.learned())
        .extracting(Parameter::name)
        .contains("fc.bias", "stem.bn.bias")
        .doesNotContain("stem.bn.running_mean", "stem.bn.running_var");
  }

  @Test
  void gammaAndBetaHaveARateOfTheirOwn() {
    step(sgd(optimiser.withNormRate(4), Set.of()), 2, 1, 0.5);
    // As above, but w = 2 − 4·(1.5 + 1.5/2)/2 and 2 − 4·(1 + 1/2)/2
    assertEverywhere("stem.conv.weight", 0.875f, 1.5f);
    assertEverywhere("stem.bn.weight", -2.5f, 1.5f);
    assertEverywhere("stem.bn.bias", -1, 1);
    assertEverywhere("fc.bias", 1.25f, 1);
  }

  @Test
  void gradientsAreShortenedToTheLimitTogether() {
    int learned = state.learned().stream().mapToInt(Parameter::size).sum();
    double norm = 8 * Math.sqrt(learned);
    step(sgd(Optimiser.of(0, 0).withGradientLimit(norm / 2), Set.of()), 2, 8, 0.25);
    assertEverywhere("fc.bias", 1, 4);
    step(sgd(Optimiser.of(0, 0).withGradientLimit(2 * norm), Set.of()), 2, 8, 0.25);
    assertEverywhere("fc.bias", 0, 8);
  }

  @Test
  void whatIsFrozenNeitherMovesNorCountsInTheLimit() {
    Set<String> frozen = new HashSet<>();
    network.parametersUpTo(3).forEach(parameter -> frozen.add(parameter.name()));
    double norm = 8 * Math.sqrt(16 * 3 + 3);
    step(sgd(Optimiser.of(0, 0).withGradientLimit(norm), frozen), 2, 8, 0.25);
    assertEverywhere("stem.conv.weight", 2, 0);
    assertEverywhere("stage3.0.bn.weight", 2, 0);
    assertEverywhere("fc.bias", 0, 8);
  }

  private Sgd sgd(Optimiser how, Set<String> frozen) {
    return new Sgd(
        new Setup(network, 1, 1, how, frozen, Precision.FLOAT32, GradientExchange.ALONE),
        state,
        gradients);
  }

  private void step(float weight, float gradient, double learningRate) {
    step(sgd, weight, gradient, learningRate);
  }

  private void step(Sgd by, float weight, float gradient, double learningRate) {
    Arrays.fill(weights.values(), weight);
    Arrays.fill(state.velocity(), 0);
    gradients(gradient);
    by.step(learningRate);
  }

  private void gradients(float gradient) {
    Arrays.fill(gradients, gradient);
  }

  private void assertEverywhere(String name, float weight, float velocity) {
    int from = weights.offset(name);
    int size =
        weights.parameters().stream()
            .filter(parameter -> parameter.name().equals(name))
            .findFirst()
            .orElseThrow()
            .size();
    assertThat(Arrays.copyOfRange(weights.values(), from, from + size)).containsOnly(weight);
    assertThat(Arrays.copyOfRange(state.velocity(), from, from + size)).containsOnly(velocity);
  }
}
