package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener.BatchProgress;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void onATerminalALineShowsHowFarTheTrainingIs() {
    trainAnEpoch(120);
    assertThat(err.toString())
        .contains(
            " 20%  1:02:05 left  epoch 3/12  batch 40/80  loss 0.512  1,234 images/s  accuracy 83.1%")
        .as("the line is taken away")
        .endsWith("\r\u001b[?7l\u001b[J\u001b[?7h\r");
  }

  @Test
  void elsewhereThereIsALineAnEpochAndNoControlCharacter() {
    trainAnEpoch(0);
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .isEqualTo(
            """
            epoch  train loss  accuracy  test loss  accuracy  images/s     time
                3      0.5000    83.50%     0.4000    85.25%     1,234     0:12  best so far
            """);
  }

  private void trainAnEpoch(int columns) {
    PrintWriter log = new PrintWriter(out);
    Console console = new Console(out, err, () -> columns);
    try (TrainingProgress progress = new TrainingProgress(console, log, "test")) {
      progress.batch(new BatchProgress(3, 12, 40, 80, 0.512, 83.1, 1234, 3725));
      progress.epoch(
          new EpochMetrics(3, 240, 0.1, 0.5, 83.5, Optional.of(99.5), 0.4, 85.25, 99, 12, 1234),
          true);
    }
  }
}
