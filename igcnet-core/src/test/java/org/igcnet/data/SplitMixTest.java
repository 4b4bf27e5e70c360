package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitMixTest {
  /** Data sets, orders and crops rest on these: they must never change. */
  @Test
  void theNumbersAreTheSameForEver() {
    SplitMix random = SplitMix.of(1, 2, 3);
    assertThat(new long[] {random.next(), random.next()})
        .containsExactly(5547578181652942701L, 7850599414810282111L);
  }

  @Test
  void differentKeysGiveDifferentNumbers() {
    Set<Long> firsts = new HashSet<>();
    for (int a = -20; a < 20; a++) {
      for (int b = -20; b < 20; b++) {
        firsts.add(SplitMix.of(a, b).next());
      }
      firsts.add(SplitMix.of(a).next());
    }
    assertThat(firsts).hasSize(40 * 40 + 40);
  }

  @Test
  void everyOrderIsEquallyLikely() {
    int[] counts = new int[27];
    SplitMix random = SplitMix.of(5);
    for (int i = 0; i < 6_000; i++) {
      int[] order = {0, 1, 2};
      random.shuffle(order);
      counts[order[0] * 9 + order[1] * 3 + order[2]]++;
    }
    assertThat(Arrays.stream(counts).filter(count -> count > 0).boxed())
        .hasSize(6)
        .allMatch(count -> count > 870 && count < 1_130); // 1,000 ± 29
  }

  @Test
  void numbersStayInTheirBounds() {
    SplitMix random = SplitMix.of(9);
    int[] below = IntStream.range(0, 10_000).map(_ -> random.below(7)).toArray();
    assertThat(Arrays.stream(below).distinct().sorted().toArray())
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
    double[] between = IntStream.range(0, 10_000).mapToDouble(_ -> random.between(-2, 3)).toArray();
    assertThat(Arrays.stream(between).min().orElseThrow()).isBetween(-2.0, -1.99);
    assertThat(Arrays.stream(between).max().orElseThrow()).isBetween(2.99, 3.0);
    assertThat(Arrays.stream(between).average().orElseThrow()).isBetween(0.45, 0.55);
  }

  /** Its mean is ½ and its variance 1 / (4(2α + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.5, 1})
  void betaHasItsMeanAndVariance(double alpha) {
    SplitMix random = SplitMix.of(3);
    double[] drawn = IntStream.range(0, 20_000).mapToDouble(_ -> random.beta(alpha)).toArray();
    assertThat(Arrays.stream(drawn)).allMatch(value -> value >= 0 && value <= 1);
    double variance = Arrays.stream(drawn).map(x -> (x - 0.5) * (x - 0.5)).average().orElseThrow();
    assertThat(Arrays.stream(drawn).average().orElseThrow()).isCloseTo(0.5, within(0.01));
    assertThat(variance).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.005));
  }

  /** So small that its powers are all 0: then it is a coin. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 1e-12, Double.MIN_VALUE})
  void betaOfATinyNumberIsACoin(double alpha) {
    SplitMix random = SplitMix.of(4);
    double[] drawn = IntStream.range(0, 1_000).mapToDouble(_ -> random.beta(alpha)).toArray();
    assertThat(Arrays.stream(drawn).filter(x -> x < 0.01).count()).isBetween(440L, 560L);
    assertThat(Arrays.stream(drawn).filter(x -> x > 0.99).count()).isBetween(440L, 560L);
  }
}
