package org.igcnet.cli;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library warns of, and its HTTP server, each on a line of the console. */
final class LibraryWarnings extends Handler {
  /** Kept here: a logger that nobody holds forgets its handlers. */
  private static final List<Logger> LIBRARIES =
      List.of(Logger.getLogger("org.igcnet"), Logger.getLogger("org.eclipse.jetty"));

  private final Console console;

  private LibraryWarnings(Console console) {
    this.console = console;
  }

  /** From now on warnings go to a console, and nowhere else. */
  static void to(Console console) {
    LibraryWarnings warnings = new LibraryWarnings(console);
    for (Logger library : LIBRARIES) {
      library.setUseParentHandlers(false);
      library.addHandler(warnings);
    }
  }

  @Override
  public void publish(LogRecord warning) {
    if (warning.getLevel().intValue() >= Level.WARNING.intValue()) {
      console.say("warning: " + warning.getMessage());
    }
  }

  @Override
  public void flush() {
    // The console keeps nothing back.
  }

  @Override
  public void close() {
    // The console is others' too.
  }
}
