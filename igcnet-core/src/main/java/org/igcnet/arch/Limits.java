package org.igcnet.arch;

import org.igcnet.UserError;

/** The numbers that a network may be described with. */
final class Limits {
  /**
   * Channels of the first stage, above the paper's widest network (832). The last stage of a wider
   * one would have a kernel of more values than an array holds: (4 · 3,840)² · 9 is just below 2³¹.
   */
  static final int WIDTH = 3_840;

  /** Channels of the last stage. */
  static final int LAST_WIDTH = 4 * WIDTH;

  /** Far above any list of classes. */
  static final int CLASSES = 16_384;

  private Limits() {}

  /** Refuses {@code value} by name where it is not from 1 to {@code most}. */
  static void positive(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new UserError(
          "%s is %s; the nearest possible is %d"
              .formatted(name, value, Math.clamp(value, 1, most)));
    }
  }
}
