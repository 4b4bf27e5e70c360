package org.igcnet.data;

import java.util.OptionalInt;
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
    int looked = Math.min(SAMPLE, source.size());
    Work work = Work.on("looking at sizes", looked, "pictures", listener);
    int[] sides =
        IntStream.range(0, looked)
            .mapToObj(i -> shortSide(source, (int) ((long) i * source.size() / looked), work))
            .flatMapToInt(OptionalInt::stream)
            .sorted()
            .toArray();
    return sides.length > 0 && sides[sides.length / 2] < USUAL ? SMALL : USUAL;
  }

  private static OptionalInt shortSide(PictureSource source, int index, Work work) {
    work.add(1);
    try (EncodedPicture picture =
        EncodedPicture.of(() -> source.name(index), source.bytes(index))) {
      return OptionalInt.of(Math.min(picture.width(), picture.height()));
    } catch (SkippedPicture leftOut) {
      return OptionalInt.empty();
    }
  }
}
