package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.igcnet.UserError;
import org.igcnet.data.Augmentation;
import org.igcnet.files.JsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateStepsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1/2,3/4,7/8 | 400 | 1/2,3/4,7/8
          200,300,350 | 400 | 1/2,3/4,7/8
          20,30,35    | 40  | 1/2,3/4,7/8
          30,60,90    | 95  | 6/19,12/19,18/19
          30/95,3/4   | 8   | 6/19,3/4
          1           | 2   | 1/2
          """)
  void sharesAndEpochsAreTheSameInLowestTerms(String text, int epochs, String shares) {
    assertThat(RateSteps.parse(text, epochs)).hasToString(shares);
    assertThat(RateSteps.parse(shares, 1)).isEqualTo(RateSteps.parse(text, epochs));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "half",
        "1/2,",
        "1/2, 3/4",
        "-1/2",
        "0.5",
        "1/99999999",
        "0",
        "8",
        "9",
        "1/0",
        "0/0",
        "3/4,1/2",
        "4,1/2",
        "1,2,3,4,5,6,7,15/16,31/32,63/64,127/128"
      })
  void whatIsNoScheduleIsRefused(String text) {
    assertThatThrownBy(() -> RateSteps.parse(text, 8))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "'%s' does not say when the learning rate changes; up to 10 rising shares of the training such as 1/2,3/4,7/8 do, or epochs such as 30,60,90 of 95",
            text);
  }

  @Test
  void epochsNeedNoText() {
    assertThat(RateSteps.after(List.of(30, 60, 90), 95)).isEqualTo(RateSteps.parse("30,60,90", 95));
    for (List<Integer> wrong : List.of(List.<Integer>of(), List.of(0), List.of(8), List.of(4, 2))) {
      assertThatThrownBy(() -> RateSteps.after(wrong, 8))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("'%s' does not say when the learning rate changes;", wrong);
    }
  }

  @Test
  void aRecipeTellsThem() {
    Recipe recipe = Recipe.paper(false, 4, Augmentation.NONE, 1);
    String line = JsonDocument.line(recipe);
    assertThat(line).contains("\"decline\":\"1/2,3/4,7/8\",");
    assertThat(JsonDocument.read("it", line, Recipe.class)).isEqualTo(recipe);
    for (String wrong : List.of("null", "3", "[]", "\"3\"", "\"1/2,1/2\"")) {
      assertThatThrownBy(
              () -> JsonDocument.read("it", line.replace("\"1/2,3/4,7/8\"", wrong), Recipe.class))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("it is refused: ");
    }
  }
}
