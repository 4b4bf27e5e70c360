package org.igcnet.cli;

import java.time.Duration;

/** Lengths of time, for people. */
final class Clock {
  private Clock() {}

  /** Hours, minutes and seconds, as short as may be: 1:02:03, 2:03, 0:03. */
  static String text(double seconds) {
    Duration time = Duration.ofSeconds(Math.round(seconds));
    return time.toHours() > 0
        ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
        : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
  }

  /**
   * What the rest takes: {@code 2:03 left}; an infinite or unknown number of seconds is said so.
   */
  static String left(double seconds) {
    return (Double.isFinite(seconds) ? text(seconds) : "unknown time") + " left";
  }
}
