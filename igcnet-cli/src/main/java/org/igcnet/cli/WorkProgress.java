package org.igcnet.cli;

import java.util.List;
import java.util.function.LongSupplier;
import org.igcnet.cli.ProgressLine.Status;
import org.igcnet.data.WorkListener;

/**
 * Shows how far long pieces of work with data are, one after the other. Of each the first that is
 * told only starts the clock, as it has no pace yet.
 */
final class WorkProgress implements WorkListener, AutoCloseable {
  private final ProgressLine line;
  private final LongSupplier clock;
  private String shown = "";
  private long began;

  WorkProgress(Console console) {
    this(console, System::nanoTime);
  }

  WorkProgress(Console console, LongSupplier clock) {
    this.line = new ProgressLine(console, clock);
    this.clock = clock;
  }

  @Override
  public synchronized void progress(String what, long done, long all, String unit) {
    long now = clock.getAsLong();
    if (!what.equals(shown)) {
      shown = what;
      began = now;
      return;
    }
    double seconds = (now - began) / 1e9;
    line.show(
        () ->
            all > 0
                ? Status.counted(what, done, all, unit, seconds)
                : new Status(Double.NaN, List.of(what, "%,d %s".formatted(done, unit))));
  }

  /** Takes the line away, so that others can be written. */
  @Override
  public void close() {
    line.close();
  }
}
