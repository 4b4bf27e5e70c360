package org.igcnet.lab;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Whether a page loads itself again, as what it tells of goes on.
 *
 * @param seconds after how many; nothing where it stays as it is
 * @param since when it was written
 */
record Renewal(String seconds, String since) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int SECONDS = 5;

  /** Of what is at its end. */
  static final Renewal NONE = new Renewal("", "");

  /** Of what goes on now. */
  static Renewal now() {
    return new Renewal(
        String.valueOf(SECONDS), TIME.format(LocalDateTime.now(ZoneId.systemDefault())));
  }
}
