package org.igcnet.data;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.arch.ImageShape;

/**
 * What a network is shown of an image that it is to name; its answer is the mean over all of it.
 */
public enum Views {
  /** The image as it is. */
  ONE,
  /** The image, and the image mirrored left to right. */
  MIRROR,
  /**
   * The image, and four that are shifted by a sixteenth of its size, to the left or right and up or
   * down; and all five mirrored.
   */
  CROPS;

  private static final int SHIFT = 16;

  /**
   * {@return how the image is shifted for each of them}
   *
   * @param shape of the image
   */
  public List<Shift> shifts(ImageShape shape) {
    Shift whole = new Shift(0, 0, false);
    return switch (this) {
      case ONE -> List.of(whole);
      case MIRROR -> List.of(whole, new Shift(0, 0, true));
      case CROPS -> crops(shape, whole).flatMap(Views::bothWays).toList();
    };
  }

  private static Stream<Shift> crops(ImageShape shape, Shift whole) {
    int rows = Math.ceilDiv(shape.height(), SHIFT);
    int columns = Math.ceilDiv(shape.width(), SHIFT);
    return Stream.of(
        whole,
        new Shift(-rows, -columns, false),
        new Shift(-rows, columns, false),
        new Shift(rows, -columns, false),
        new Shift(rows, columns, false));
  }

  private static Stream<Shift> bothWays(Shift shift) {
    return Stream.of(shift, new Shift(shift.down(), shift.right(), true));
  }
}
