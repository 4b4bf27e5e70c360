package org.igcnet.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.igcnet.loss.CrossEntropy.Score;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @Test
  void aLabelIsSureOfItsClass() {
    assertThat(probabilities(Target.of(2), 4)).containsExactly(0, 0, 1, 0);
    assertThat(Target.of(2).isPlain()).isTrue();
  }

  @Test
  void smoothingSpreadsItsPartEvenly() {
    Target smooth = new Target(1, 1, 1, 0.2, 1);
    assertThat(probabilities(smooth, 4)).containsExactly(new double[] {.05, .85, .05, .05}, CLOSE);
    assertThat(smooth.isPlain()).isFalse();
  }

  @Test
  void whatIsMixedInHasItsShare() {
    Target mixed = Target.of(3).mixed(Target.of(0), 0.75);
    assertThat(probabilities(mixed, 4)).containsExactly(0.25, 0, 0, 0.75);
    Target mostlyOther = Target.of(3).mixed(Target.of(0), 0.25);
    assertThat(mostlyOther.label()).as("what most of the image shows").isZero();
    assertThat(probabilities(mostlyOther, 4)).containsExactly(0.75, 0, 0, 0.25);
    assertThat(probabilities(Target.of(3).mixed(Target.of(3), 0.6), 4)).containsExactly(0, 0, 0, 1);
  }

  /** −Σ tₖ log pₖ, times the weight, with p = softmax(1, 2, 3). */
  @Test
  void theLossIsThatOfThePaperOnSmoothing() {
    double[] logs = {-2.4076059644, -1.4076059644, -0.4076059644};
    Target target = new Target(1, 2, 0.7, 0.3, 2);
    double wanted = 0;
    for (int k = 0; k < 3; k++) {
      wanted -= 2 * target.probability(k, 3) * logs[k];
    }
    Score score = CrossEntropy.score(new float[] {1, 2, 3}, 3, new Target[] {target});
    assertThat(score.meanLoss()).isCloseTo(wanted, within(1e-9));
    assertThat(score.correct()).as("its label is not the greatest").isZero();
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThatThrownBy(() -> new Target(0, 1, 1.1, 0, 1)).hasMessageContaining("share 1.1");
    assertThatThrownBy(() -> new Target(0, 1, 1, 1, 1)).hasMessageContaining("smoothing 1.0");
    assertThatThrownBy(() -> new Target(0, 1, 1, 0, 0)).hasMessageContaining("weight 0.0");
  }

  private static final org.assertj.core.data.Offset<Double> CLOSE = within(1e-12);

  private static double[] probabilities(Target target, int classes) {
    return IntStream.range(0, classes).mapToDouble(k -> target.probability(k, classes)).toArray();
  }

  /** Whatever the weights are, and whichever of the two has the larger part. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.2, 0.5, 0.7, 1})
  void theLossOfAMixtureIsItsPartsOfBothLosses(double kept) {
    float[] logits = {1, 2, 3};
    Target one = new Target(0, 0, 1, 0.1, 3);
    Target two = new Target(2, 2, 1, 0.1, 0.25);
    double wanted = kept * loss(logits, one) + (1 - kept) * loss(logits, two);
    Target mixed = one.mixed(two, kept);
    assertThat(mixed.label()).isEqualTo(kept >= 0.5 ? 0 : 2);
    assertThat(loss(logits, mixed)).isCloseTo(wanted, within(1e-12));
  }

  private static double loss(float[] logits, Target target) {
    return CrossEntropy.score(logits, 3, new Target[] {target}).loss();
  }
}
