package org.igcnet.arch;

/**
 * The spatial extent of a convolution kernel, odd both ways. The padding is what keeps the size at
 * stride 1.
 *
 * @param height rows
 * @param width columns
 */
public record Kernel(int height, int width) {
  /** 1×1, the kernel of secondary group convolutions. */
  public static final Kernel POINT = square(1);

  /** 3×3, the kernel of primary group convolutions. */
  public static final Kernel SPATIAL = square(3);

  /** 7×7, the kernel of the ImageNet body's stem. */
  public static final Kernel WIDE = square(7);

  /**
   * Looks at the numbers.
   *
   * @throws IllegalArgumentException where one is even, or below 1
   */
  public Kernel {
    if (height < 1 || width < 1 || height % 2 == 0 || width % 2 == 0) {
      throw new IllegalArgumentException(
          "a kernel has an odd number of rows and columns, not %d×%d".formatted(height, width));
    }
  }

  /**
   * A kernel of as many rows as columns.
   *
   * @param size rows and columns, odd
   * @return the kernel
   * @throws IllegalArgumentException where the size is even, or below 1
   */
  public static Kernel square(int size) {
    return new Kernel(size, size);
  }

  /** {@return S of the paper: the number of taps, 9 for 3×3} */
  public int area() {
    return height * width;
  }

  /** {@return the rows of zeros above and below the image} */
  public int padRows() {
    return height / 2;
  }

  /** {@return the columns of zeros left and right of the image} */
  public int padColumns() {
    return width / 2;
  }

  @Override
  public String toString() {
    return height + "×" + width;
  }
}
