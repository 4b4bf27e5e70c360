package org.igcnet.data;

import java.util.stream.IntStream;

/**
 * The size that pictures are brought to where nobody says one: 64 rows and columns, which two cores
 * train in minutes, or 32 where most pictures have fewer than 64.
 */
final class FittingSize {
  private static final int SMALL = 32;
  private static final int USUAL = 64;

  /** Pictures that are looked at. */
  private static final int SAMPLE = 100;

  private FittingSize() {}

  /** By the headers of some pictures, evenly spread; the damaged ones do not count. */
  static int of(PictureSource source, WorkListener listener) {
    int[] all = IntStream.range(0, source.size()).toArray();
    ShortSides sides = ShortSides.of(source, all, SAMPLE, listener);
    return sides.pictures() > 0 && sides.at(0.5) < USUAL ? SMALL : USUAL;
  }
}
