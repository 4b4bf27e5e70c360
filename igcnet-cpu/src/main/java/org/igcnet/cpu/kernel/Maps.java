package org.igcnet.cpu.kernel;

import org.igcnet.backend.Precision;

/**
 * The memory of feature maps: one array of 32-bit words, in rows of vectors. {@link StoredRows}
 * reads and writes it.
 */
public sealed interface Maps {
  /** A word for each value: {@code [column][V]}. */
  @SuppressWarnings("ArrayRecordComponent") // memory, never compared
  record Floats(float[] values) implements Maps {}

  /**
   * A word for the values of two neighbouring columns, the first one's in its lower half: {@code
   * [column / 2][V]}. To take one out is a shift, the other a mask. An odd row's last word has
   * nothing in its upper half.
   */
  @SuppressWarnings("ArrayRecordComponent") // memory, never compared
  record Halves(int[] pairs) implements Maps {}

  /**
   * Maps of zeros.
   *
   * @param words how many, with {@link Lanes#LEAD} before the first
   */
  static Maps of(Precision precision, int words) {
    return switch (precision) {
      case FLOAT32 -> new Floats(new float[words]);
      case BF16 -> new Halves(new int[words]);
    };
  }

  /** Words of a row of so many columns. */
  static int row(Precision precision, int columns) {
    return switch (precision) {
      case FLOAT32 -> columns * Lanes.COUNT;
      case BF16 -> Math.ceilDiv(columns, 2) * Lanes.COUNT;
    };
  }
}
