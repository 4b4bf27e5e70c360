package org.igcnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.train.PassTime;
import org.igcnet.data.Augmentation;
import org.igcnet.train.Recipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerTimesTest {
  /** A batch of fewer images than a step that is measured has at most, and one of more. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 16, 16", "BF16, 128, 64"})
  void everyPassTakesTimeForwardAndBackward(Precision precision, int batch, int measured) {
    Recipe recipe =
        Recipe.paper(false, 1, Augmentation.NONE, 1)
            .withBatch(batch, batch)
            .withPrecision(precision);
    assertThat(LayerTimes.images(recipe)).isEqualTo(measured);
    List<Long> steps = new ArrayList<>();
    List<PassTime> times =
        LayerTimes.measure(ExaminationTest.model(), recipe, 2, (_, step, _, _) -> steps.add(step));
    assertThat(times)
        .extracting(PassTime::name)
        .containsExactly("stem", "stage1.0", "stage2.0", "stage3.0", "fc");
    assertThat(times)
        .allSatisfy(
            time -> {
              assertThat(time.forward()).isPositive();
              assertThat(time.backward()).isPositive();
            });
    assertThat(steps).hasSizeGreaterThanOrEqualTo(4).startsWith(1L, 2L, 3L, 4L);
  }
}
