package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;
import org.igcnet.data.Augmentation;
import org.junit.jupiter.api.Test;

class SgdTest {
  /** Powers of two, so that every number below is exact. */
  private static final Recipe RECIPE =
      new Recipe(
          1, 1, 0.5, RateSteps.CIFAR, 0.5, 0.25, 1, 0.9, NormAverages.ANEW, Augmentation.NONE, 0);

  private final Weights weights = Weights.of(Architecture.cifar("RegConv-W4", 5, 3));
  private final Sgd sgd = new Sgd(weights, RECIPE);

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
    assertThat(sgd.learned())
        .extracting(Parameter::name)
        .contains("fc.bias", "stem.bn.bias")
        .doesNotContain("stem.bn.running_mean", "stem.bn.running_var");
  }

  private void step(float weight, float gradient, double learningRate) {
    Arrays.fill(weights.values(), weight);
    gradients(gradient);
    sgd.step(learningRate);
  }

  private void gradients(float gradient) {
    Arrays.fill(weights.gradients(), gradient);
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
    assertThat(Arrays.copyOfRange(sgd.velocity(), from, from + size)).containsOnly(velocity);
  }
}
