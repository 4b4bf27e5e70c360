package org.igcnet.data;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How large some pictures are: the shorter side of each that was looked at, in pixels, ascending.
 *
 * @param ascending of pictures spread evenly over a set; damaged ones do not count
 */
public record ShortSides(List<Integer> ascending) {
  /** Pictures of a set that are looked at. */
  private static final int SAMPLE = 1_000;

  /** Copies the sides. */
  public ShortSides {
    ascending = List.copyOf(ascending);
  }

  /**
   * {@return those of a set's pictures, by the headers of at most a thousand; none of images that
   * are stored in the network's shape, as nobody knows what they were before}
   *
   * @param dataset the set
   * @param listener hears how far it is
   */
  public static ShortSides of(Dataset dataset, WorkListener listener) {
    return switch (dataset) {
      case PictureSet pictures -> pictures.shortSides(SAMPLE, listener);
      case StoredImages _ -> new ShortSides(List.of());
    };
  }

  /**
   * Those of some pictures of a source.
   *
   * @param members the indexes that count
   * @param most so many are looked at
   */
  static ShortSides of(PictureSource source, int[] members, int most, WorkListener listener) {
    int looked = Math.min(most, members.length);
    Work work = Work.on("looking at sizes", looked, "pictures", listener);
    return new ShortSides(
        IntStream.range(0, looked)
            .parallel()
            .map(i -> members[(int) ((long) i * members.length / looked)])
            .mapToObj(index -> shortSide(source, index, work))
            .flatMapToInt(OptionalInt::stream)
            .sorted()
            .boxed()
            .toList());
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

  /** {@return how many pictures were looked at} */
  public int pictures() {
    return ascending.size();
  }

  /**
   * {@return how many pictures have a smaller one}
   *
   * @param side in pixels
   */
  public int below(double side) {
    return (int) ascending.stream().filter(one -> one < side).count();
  }

  /**
   * {@return the side that a share of the pictures is below, in pixels}
   *
   * @param share from 0 to below 1
   * @throws IndexOutOfBoundsException where no picture was looked at
   */
  public int at(double share) {
    return ascending.get((int) (share * ascending.size()));
  }
}
