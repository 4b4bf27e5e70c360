package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.igcnet.UserError;
import org.igcnet.data.DataSpec;
import org.igcnet.spark.SparkTraining.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Settings USUAL = Settings.of(3);

  @Test
  void theUsualOnesAreThoseOfTheDocument() {
    assertThat(USUAL)
        .isEqualTo(
            new Settings(
                3, null, Duration.ofMinutes(2), Duration.ofMinutes(5), Duration.ofMinutes(5), 4));
  }

  @Test
  void eachIsChangedAlone() {
    Duration time = Duration.ofSeconds(7);
    assertThat(USUAL.withData("shapes"))
        .isEqualTo(
            new Settings(3, "shapes", USUAL.patience(), USUAL.room(), USUAL.checkpoints(), 4));
    assertThat(USUAL.withPatience(time))
        .isEqualTo(new Settings(3, null, time, USUAL.room(), USUAL.checkpoints(), 4));
    assertThat(USUAL.withRoom(time))
        .isEqualTo(new Settings(3, null, USUAL.patience(), time, USUAL.checkpoints(), 4));
    assertThat(USUAL.withCheckpoints(time))
        .isEqualTo(new Settings(3, null, USUAL.patience(), USUAL.room(), time, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void thereIsAtLeastOneWorker(int workers) {
    assertThatThrownBy(() -> Settings.of(workers))
        .isInstanceOf(UserError.class)
        .hasMessage("%d workers train nothing; there is at least one".formatted(workers));
  }

  @Test
  void aPlanReadsTheNameOfTheDataWhereThereIsOne() {
    assertThat(plan(null).dataSpec()).isEmpty();
    assertThat(plan("cifar10:/data").dataSpec()).contains(DataSpec.parse("cifar10:/data"));
    assertThatThrownBy(() -> plan("nothing:").dataSpec())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("nothing");
  }

  private static Plan plan(@Nullable String data) {
    return new Plan(
        new RunStore("file:/run"), data, "a:1", Secret.drawn(), Duration.ZERO, Duration.ZERO);
  }
}
