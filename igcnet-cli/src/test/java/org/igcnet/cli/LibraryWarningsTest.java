package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.lang.System.Logger.Level;
import org.junit.jupiter.api.Test;

class LibraryWarningsTest {
  @Test
  void aWarningOfTheLibraryIsALineAndNothingElseIs() {
    StringWriter err = new StringWriter();
    LibraryWarnings.to(new Console(new StringWriter(), err, () -> 0));
    System.Logger library = System.getLogger("org.igcnet");
    library.log(Level.INFO, "nobody has to know");
    library.log(Level.WARNING, "this is slow\nand this is why");
    assertThat(err.toString()).startsWith("warning: this is slow").hasLineCount(1);
  }
}
