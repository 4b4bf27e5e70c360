package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.igcnet.cli.ProgressLine.Status;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final Status TRAINING =
      new Status(
          0.5,
          List.of(
              "2:41:03 left",
              "epoch 20/400",
              "batch 125/782",
              "loss 1.234",
              "1,787 images/s",
              "accuracy 45.2%"));

  private final StringWriter err = new StringWriter();
  private int columns;
  private Duration now = Duration.ZERO;

  @Test
  void aNarrowLineLeavesOutWhatMattersLeast() {
    assertThat(TRAINING.text(120))
        .isEqualTo(
            " 50%  2:41:03 left  epoch 20/400  batch 125/782  loss 1.234  1,787 images/s  accuracy 45.2%  [============             ]");
    assertThat(TRAINING.text(79))
        .isEqualTo(" 50%  2:41:03 left  epoch 20/400  batch 125/782  loss 1.234  1,787 images/s");
    assertThat(TRAINING.text(59))
        .isEqualTo(" 50%  2:41:03 left  epoch 20/400  batch 125/782  loss 1.234");
    assertThat(TRAINING.text(30)).isEqualTo(" 50%  2:41:03 left  [====    ]");
    assertThat(TRAINING.text(17)).isEmpty();
  }

  @Test
  void whatHasNoKnownEndHasNoShare() {
    assertThat(new Status(Double.NaN, List.of("unknown time left", "3 MB")).text(79))
        .isEqualTo("unknown time left  3 MB");
  }

  @Test
  void thingsCountedSayTheirPaceAndTheTimeLeft() {
    assertThat(Status.counted("testing", 250, 1000, "images", 10).text())
        .isEqualTo(" 25%  0:30 left  testing  250/1,000 images  25 images/s");
  }

  @Test
  void onATerminalTheLineFollowsItsWidthAndIsTakenAway() {
    columns = 80;
    try (ProgressLine line = line()) {
      show(line);
      assertThat(drawn()).hasSize(75);
      show(line);
      assertThat(err.toString()).as("not drawn again at once").isEmpty();
      now = now.plusMillis(200);
      columns = 60;
      show(line);
      assertThat(drawn()).hasSize(59).contains("2:41:03 left");
    }
    assertThat(drawn()).isEmpty();
  }

  @Test
  void elsewhereThereIsALineEveryHalfMinuteWithoutControlCharacters() {
    try (ProgressLine line = line()) {
      for (int second = 0; second < 100; second++) {
        show(line);
        now = now.plusSeconds(1);
      }
    }
    assertThat(err.toString()).isEqualTo((TRAINING.text() + "\n").repeat(3));
  }

  private ProgressLine line() {
    return new ProgressLine(new Console(err, err, () -> columns), () -> now.toNanos());
  }

  private static void show(ProgressLine line) {
    line.show(() -> TRAINING);
  }

  /** What was drawn since the last call, without what moves the cursor. */
  private String drawn() {
    String text = err.toString();
    err.getBuffer().setLength(0);
    assertThat(text).startsWith("\r\u001b[?7l").endsWith("\u001b[J\u001b[?7h\r");
    return text.substring("\r\u001b[?7l".length(), text.length() - "\u001b[J\u001b[?7h\r".length());
  }
}
