package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.igcnet.data.WorkListener;
import org.junit.jupiter.api.Test;

class ReproductionProgressTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void aLineShowsHowFarTheFindingOfPicturesIsAndIsTakenAway() {
    find(80);
    assertThat(err.toString())
        .contains(" left  finding pictures again  20/40 pictures")
        .endsWith("\r\u001b[?7l\u001b[J\u001b[?7h\r");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void pipedItSaysNothingOfWhatIsDoneInLessThanHalfAMinute() {
    find(0);
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString()).isEmpty();
  }

  private void find(int columns) {
    Console console = new Console(out, err, () -> columns);
    try (ReproductionProgress progress = new ReproductionProgress(console, new PrintWriter(out))) {
      WorkListener work = progress;
      work.progress("finding pictures again", 1, 40, "pictures");
      work.progress("finding pictures again", 20, 40, "pictures");
    }
  }
}
