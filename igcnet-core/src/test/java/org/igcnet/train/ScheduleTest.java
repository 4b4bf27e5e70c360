package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.igcnet.UserError;
import org.igcnet.files.JsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource({"0, 0.4", "25, 0.34142135", "50, 0.2", "75, 0.058578644", "99, 0.0000986879"})
  void theCosineFallsByHalfAPeriod(long step, double rate) {
    assertThat(Schedule.COSINE.at(0.4, step, 100)).isCloseTo(rate, within(1e-7));
  }

  /** 25 steps up, the 26th at the top, 75 down. */
  @ParameterizedTest
  @CsvSource({
    "0, 0.01538462",
    "12, 0.2",
    "24, 0.3846154",
    "25, 0.4",
    "26, 0.3946667",
    "62, 0.2026667",
    "99, 0.005333333"
  })
  void oneCycleRisesAndFallsEvenly(long step, double rate) {
    assertThat(Schedule.ONE_CYCLE.at(0.4, step, 100)).isCloseTo(rate, within(1e-7));
  }

  @ParameterizedTest
  @CsvSource({"0, 0.02", "1, 0.04", "3, 0.08", "4, 0.1", "9, 0.1", "10, 0.01", "15, 0.001"})
  void stepsStayWhereTheyAreBehindAWarmUp(long step, double rate) {
    assertThat(Schedule.PAPER.withWarmUp(0.2).at(0.1, step, 20)).isCloseTo(rate, within(1e-15));
  }

  @Test
  void ofOneStepTheRateIsTheHighest() {
    assertThat(Schedule.ONE_CYCLE.at(0.4, 0, 1)).isEqualTo(0.4);
    assertThat(Schedule.COSINE.withWarmUp(0.99).at(0.4, 0, 1)).isEqualTo(0.4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cosine", "linear", "1/2,3/4,7/8", "1/3"})
  void aDeclineIsReadAsItIsWritten(String text) {
    Schedule schedule = new Schedule(Decline.parse(text), 0.125);
    String line = JsonDocument.line(schedule);
    assertThat(line).isEqualTo("{\"decline\":\"%s\",\"warmUp\":0.125}".formatted(text));
    assertThat(JsonDocument.read("it", line, Schedule.class)).isEqualTo(schedule);
  }

  @Test
  void peopleReadIt() {
    assertThat(Schedule.PAPER).hasToString("divided by 10 after 1/2,3/4,7/8");
    assertThat(Schedule.ONE_CYCLE)
        .hasToString("risen to in 0.25 of the steps, then falling to 0 (linear)");
  }

  @Test
  void namesAndStepsAreRead() {
    assertThat(Schedule.parse("cosine", 8)).isEqualTo(Schedule.COSINE);
    assertThat(Schedule.parse("one-cycle", 8)).isEqualTo(Schedule.ONE_CYCLE);
    assertThat(Schedule.parse("4,6", 8)).hasToString("divided by 10 after 1/2,3/4");
    assertThatThrownBy(() -> Schedule.parse("cosin", 8))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "there is no schedule \"cosin\"; cosine is one, one-cycle, or steps such as 1/2,3/4,7/8");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, Double.NaN})
  void anImpossibleWarmUpIsRefused(double share) {
    assertThatThrownBy(() -> Schedule.COSINE.withWarmUp(share))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("rises is " + share);
  }
}
