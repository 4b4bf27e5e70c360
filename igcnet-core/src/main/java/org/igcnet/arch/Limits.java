package org.igcnet.arch;

import org.igcnet.UserError;

/** The numbers that a network may be described with. */
final class Limits {
  /** Far above the paper's widest network (3,328 channels), far below what overflows. */
  private static final int LARGEST = 16_384;

  private Limits() {}

  /** Refuses {@code value} by name where it is not from 1 to {@value #LARGEST}. */
  static void positive(String name, int value) {
    if (value < 1 || value > LARGEST) {
      throw new UserError(
          "%s is %s; the nearest possible is %d"
              .formatted(name, value, Math.clamp(value, 1, LARGEST)));
    }
  }
}
