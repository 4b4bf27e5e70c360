package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkProgressTest {
  private final StringWriter err = new StringWriter();
  private Duration now = Duration.ZERO;

  private WorkProgress on(int columns) {
    return new WorkProgress(
        new Console(new StringWriter(), err, () -> columns), () -> now.toNanos());
  }

  @Test
  void onATerminalEachPieceOfWorkHasItsOwnTimeAndTheLineIsTakenAway() {
    try (WorkProgress progress = on(100)) {
      progress.progress("finding pictures", 5, 0, "pictures");
      now = now.plusSeconds(10);
      progress.progress("finding pictures", 70_000, 0, "pictures");
      assertThat(err.toString()).contains("\u001b[?7lfinding pictures  70,000 pictures\u001b");
      progress.progress("measuring colours", 1, 1000, "images");
      now = now.plusSeconds(10);
      progress.progress("measuring colours", 250, 1000, "images");
      assertThat(err.toString())
          .contains(" 25%  0:30 left  measuring colours  250/1,000 images  25 images/s");
    }
    assertThat(err.toString()).endsWith("\r\u001b[?7l\u001b[J\u001b[?7h\r");
  }

  @Test
  void elsewhereThereIsALineEveryHalfMinute() {
    try (WorkProgress progress = on(0)) {
      for (int second = 0; second <= 65; second++) {
        progress.progress("reading extra_32x32.mat", second, 130, "MB");
        now = now.plusSeconds(1);
      }
    }
    assertThat(err)
        .hasToString(
            """
             23%  1:40 left  reading extra_32x32.mat  30/130 MB  1 MB/s
             46%  1:10 left  reading extra_32x32.mat  60/130 MB  1 MB/s
            """);
  }
}
