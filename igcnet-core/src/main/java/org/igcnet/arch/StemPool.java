package org.igcnet.arch;

/**
 * The pool behind the stem of the ImageNet body: the greatest value of each 3×3 window, in steps of
 * 2, with a border of 1 that is never the greatest.
 *
 * @param input the shape that it reads
 */
public record StemPool(ImageShape input) {
  /** The name of its step in files. */
  public static final String NAME = "stem.pool";

  /** The window. */
  public static final Kernel KERNEL = Kernel.SPATIAL;

  /** Step between neighbouring windows, in both directions. */
  public static final int STRIDE = 2;

  /** {@return the shape that it writes: sizes are halved, rounded up} */
  public ImageShape output() {
    return new ImageShape(
        input.channels(),
        Math.ceilDiv(input.height(), STRIDE),
        Math.ceilDiv(input.width(), STRIDE));
  }
}
