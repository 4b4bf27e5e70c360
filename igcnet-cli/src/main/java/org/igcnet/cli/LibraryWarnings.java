package org.igcnet.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library warns of, each on a line of the console. */
final class LibraryWarnings extends Handler {
  /** Kept here: a logger that nobody holds forgets its handlers. */
  private static final Logger LIBRARY = Logger.getLogger("org.igcnet");

  private final Console console;

  private LibraryWarnings(Console console) {
    this.console = console;
  }

  /** From now on warnings go to a console, and nowhere else. */
  static void to(Console console) {
    LIBRARY.setUseParentHandlers(false);
    LIBRARY.addHandler(new LibraryWarnings(console));
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
