package org.igcnet.lab.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  @Test
  void ticksAreRound() {
    assertThat(new Axis("", 70.3, 78.9, Axis.Scale.EVEN).ticks())
        .containsExactly(72.0, 74.0, 76.0, 78.0);
    assertThat(new Axis("", 9, 60, Axis.Scale.RATIOS).ticks()).containsExactly(10.0, 20.0, 50.0);
    assertThat(Axis.ratios("", new double[] {2, 4}).ticks()).containsExactly(2.0, 3.0, 4.0);
    assertThat(new Axis("", 1, 1e6, Axis.Scale.RATIOS).ticks()).contains(1.0, 10.0, 1e3, 1e6);
  }

  @Property
  void everyValueHasItsPlaceAndThereAreAFewTicks(@ForAll @Size(min = 1, max = 20) double[] values) {
    double[] bounded = Arrays.stream(values).map(v -> Math.tanh(v) * 100).toArray();
    Axis axis = Axis.around("", bounded);
    for (double value : bounded) {
      assertThat(axis.share(value)).isBetween(0.0, 1.0);
    }
    assertThat(axis.ticks()).hasSizeBetween(1, 12);
  }

  @Test
  void valuesThatAreAllButEqualAreOne() {
    assertThat(Axis.around("", new double[] {1, Math.nextUp(1.0)}).ticks()).hasSizeBetween(1, 12);
    assertThat(Axis.around("", new double[] {0, Double.MIN_VALUE}).ticks()).hasSizeBetween(1, 12);
    assertThat(Axis.around("", new double[] {10000000000000002.0}).ticks()).hasSizeBetween(1, 12);
    assertThat(Axis.around("", new double[] {1e39, 0, 1e-39}).ticks()).hasSizeBetween(1, 12);
    assertThat(Axis.ratios("", new double[] {1e6, 1e6 + 1e-3}).ticks()).hasSizeBetween(1, 12);
  }

  @Property
  void ratiosToo(
      @ForAll @DoubleRange(min = 0.1, max = 1e9) double one,
      @ForAll @DoubleRange(min = 0.1, max = 1e9) double other) {
    Axis axis = Axis.ratios("", new double[] {one, other});
    assertThat(axis.share(one)).isBetween(0.0, 1.0);
    assertThat(axis.share(other)).isBetween(0.0, 1.0);
    assertThat(axis.ticks()).isNotEmpty().hasSizeLessThan(16);
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.5", "90, 90", "2000, 2k", "1500000, 1.5M", "3e9, 3G", "0.001, 0.001"})
  void valuesAreShort(double value, String text) {
    assertThat(Axis.shortly(value)).isEqualTo(text);
  }
}
