package org.igcnet.serve;

import java.time.Duration;

/**
 * When a request has to be answered.
 *
 * @param nanoTime by {@link System#nanoTime}
 */
record Deadline(long nanoTime) {
  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /** Nanoseconds that are left, 0 where none are. */
  long left() {
    return Math.max(0, nanoTime - System.nanoTime());
  }
}
