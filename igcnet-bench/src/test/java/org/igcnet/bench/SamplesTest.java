package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.igcnet.bench.Contender.Engine;
import org.igcnet.bench.Contender.Training;
import org.igcnet.bench.Row.Gauge;
import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final Samples FOUR =
      new Samples(new long[] {4_000_000, 1_000_000, 2_000_000, 3_000_000});

  @Test
  void quantilesLieBetweenNeighbours() {
    assertThat(FOUR.quantile(0)).isEqualTo(0.001);
    assertThat(FOUR.median()).isCloseTo(0.0025, within(1e-12));
    assertThat(FOUR.quantile(0.25)).isCloseTo(0.00175, within(1e-12));
    assertThat(FOUR.quantile(0.99)).isCloseTo(0.00397, within(1e-12));
    assertThat(FOUR.quantile(1)).isEqualTo(0.004);
    assertThat(new Samples(new long[] {7}).quantile(0.99)).isEqualTo(7e-9);
  }

  @Test
  void figuresAreOfTheMedianOrTheSlowStep() {
    Training contender = new Training(Engine.IGCNET, Net.cifar("IGC-L24M2", 20), 64, 2);
    assertThat(Gauge.IMAGES_PER_SECOND.of(contender, FOUR)).isCloseTo(25_600, within(1e-6));
    // Three times 28.8 million multiply-adds an image, 64 images in 2.5 ms.
    assertThat(Gauge.MULTIPLY_ADDS.of(contender, FOUR)).isCloseTo(2_210, within(10.0));
    assertThat(Gauge.MEDIAN_MILLISECONDS.of(contender, FOUR)).isCloseTo(2.5, within(1e-9));
    assertThat(Gauge.SLOW_MILLISECONDS.of(contender, FOUR)).isCloseTo(3.97, within(1e-9));
  }

  @Test
  void partsAreJoined() {
    Samples joined = Samples.joined(List.of(FOUR, new Samples(new long[] {9_000_000})));
    assertThat(joined.count()).isEqualTo(5);
    assertThat(joined.median()).isEqualTo(0.003);
  }

  @Test
  void nothingMeasuredIsNoSample() {
    assertThatThrownBy(() -> new Samples(new long[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no step was measured");
  }
}
