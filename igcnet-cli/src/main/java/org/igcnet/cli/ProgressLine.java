package org.igcnet.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far a long command is. On a terminal that is one line, which is drawn anew and in the end
 * taken away. Elsewhere it is a line every half minute, without control characters.
 */
final class ProgressLine implements AutoCloseable {
  private static final long DRAWN_EVERY = Duration.ofMillis(200).toNanos();
  private static final long TOLD_EVERY = Duration.ofSeconds(30).toNanos();

  private static final int SHORTEST_BAR = 8;
  private static final int LONGEST_BAR = 30;
  private static final String GAP = "  ";

  private final Console console;
  private final LongSupplier clock;
  private long last;

  /**
   * What there is to say.
   *
   * @param share of the whole that is done, from 0 to 1; NaN where nobody knows
   * @param parts the important first: what a line has no room for is left out from the end
   */
  record Status(double share, List<String> parts) {
    /**
     * Things done at an even pace.
     *
     * @param what for people: {@code testing}
     * @param done how many of {@code all}
     * @param unit what they are: {@code images}
     * @param seconds since the first
     */
    static Status counted(String what, long done, long all, String unit, double seconds) {
      double perSecond = done / seconds;
      return new Status(
          (double) done / all,
          List.of(
              Clock.left((all - done) / perSecond),
              what,
              "%,d/%,d %s".formatted(done, all, unit),
              "%,.0f %s/s".formatted(perSecond, unit)));
    }

    /** All of it. */
    String text() {
      return String.join(GAP, words(parts.size()));
    }

    /** As much as fits into so many columns, with a bar where there is room for one. */
    String text(int columns) {
      for (int count = parts.size(); count > 0; count--) {
        String text = String.join(GAP, words(count));
        if (width(text) <= columns) {
          int room = columns - width(text) - GAP.length();
          return Double.isNaN(share) || room < SHORTEST_BAR
              ? text
              : text + GAP + bar(Math.min(room, LONGEST_BAR));
        }
      }
      return "";
    }

    private List<String> words(int count) {
      List<String> words = new ArrayList<>();
      if (!Double.isNaN(share)) {
        words.add("%3.0f%%".formatted(Math.floor(100 * share)));
      }
      words.addAll(parts.subList(0, count));
      return words;
    }

    private String bar(int width) {
      int room = width - 2;
      int full = (int) Math.min(room, Math.floor(room * share));
      return "[%s%s]".formatted("=".repeat(full), " ".repeat(room - full));
    }

    private static int width(String text) {
      return text.codePointCount(0, text.length());
    }
  }

  ProgressLine(Console console) {
    this(console, System::nanoTime);
  }

  ProgressLine(Console console, LongSupplier clock) {
    this.console = console;
    this.clock = clock;
    this.last = clock.getAsLong() - DRAWN_EVERY;
  }

  /** Shows how far it is, where it is time to. */
  synchronized void show(Supplier<Status> status) {
    long now = clock.getAsLong();
    if (now - last < DRAWN_EVERY) {
      return;
    }
    int columns = console.columns();
    if (columns > 0) {
      console.draw(status.get().text(columns - 1));
      last = now;
    } else if (now - last >= TOLD_EVERY) {
      console.say(status.get().text());
      last = now;
    }
  }

  /** Takes the line away, so that others can be written. */
  synchronized void wipe() {
    console.draw("");
    if (console.columns() > 0) {
      last = clock.getAsLong() - DRAWN_EVERY;
    }
  }

  @Override
  public void close() {
    wipe();
  }
}
