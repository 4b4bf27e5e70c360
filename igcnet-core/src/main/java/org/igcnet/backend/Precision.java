package org.igcnet.backend;

import java.util.Locale;

/**
 * How training keeps feature maps and their gradients between the passes that write and read them.
 * All arithmetic, all sums and the weights are 32-bit floats whatever it is.
 */
public enum Precision {
  /** 32-bit floats, as they are computed. */
  FLOAT32(4),

  /**
   * The upper 16 bits of a float: its sign, its exponent and 7 bits of its fraction, rounded to the
   * nearest and of two as near to the even one.
   */
  BF16(2);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** {@return bytes of a value} */
  public int bytes() {
    return bytes;
  }

  /** {@return its name in a run's description and on a command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
