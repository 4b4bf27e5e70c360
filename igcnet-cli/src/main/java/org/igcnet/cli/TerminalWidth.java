package org.igcnet.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How wide the terminal is that standard error is, or 0 where it is none. Java cannot tell. The
 * launcher says it for the start; as a window may change, it is asked for again while somebody
 * wants to know, at most once a second, because that starts a program.
 */
final class TerminalWidth implements IntSupplier {
  private static final long ASKED_EVERY = Duration.ofSeconds(1).toNanos();

  /** Standard error is the program's input; what the program complains of goes nowhere. */
  private static final String[] ASK = {"sh", "-c", "stty size <&2 2>/dev/null"};

  private int columns;
  private long asked = System.nanoTime();

  TerminalWidth(int atStart) {
    columns = atStart;
  }

  @Override
  public synchronized int getAsInt() {
    long now = System.nanoTime();
    if (columns > 0 && now - asked >= ASKED_EVERY) {
      columns = ask();
      asked = now;
    }
    return columns;
  }

  /** The width now, or the last that is known. */
  private int ask() {
    try (BufferedReader answer =
        new ProcessBuilder(ASK).redirectError(Redirect.INHERIT).start().inputReader()) {
      return columns(answer.readLine());
    } catch (IOException e) {
      return columns;
    }
  }

  /** Reads {@code 24 80}: rows and columns. */
  private int columns(@Nullable String answer) {
    String[] sizes = answer == null ? new String[0] : answer.strip().split(" ", 2);
    try {
      return sizes.length == 2 ? Math.max(1, Integer.parseInt(sizes[1])) : columns;
    } catch (NumberFormatException e) {
      return columns;
    }
  }
}
