package org.igcnet.cpu.plain;

import java.util.Arrays;

/**
 * How the positions of one channel of several images lie in memory: rows one after the other, with
 * zeros right of each row and below each image. What is right of a row is left of the next, so that
 * a step to any neighbour is the same distance everywhere, and all images are one run.
 *
 * @param height rows of an image
 * @param width columns of an image
 * @param padRows rows of zeros between two images
 * @param padColumns zeros between two rows
 */
record Grid(int height, int width, int padRows, int padColumns) {
  /** Numbers of a row and the zeros behind it. */
  int pitch() {
    return width + padColumns;
  }

  /** From an image to the next. */
  int imageStep() {
    return (height + padRows) * pitch();
  }

  /** Zeros before the first position, and behind the last. */
  int lead() {
    return padRows * pitch() + padColumns;
  }

  /** Positions of one image. */
  int pixels() {
    return height * width;
  }

  /** From the first position of the first image to the last of the last, borders included. */
  int run(int images) {
    return images * imageStep() - lead();
  }

  /** Numbers of a run and the zeros before and behind it. */
  long floats(int images) {
    return (long) images * imageStep() + lead();
  }

  /** Where a row begins in a run. */
  int row(int image, int row) {
    return image * imageStep() + row * pitch();
  }

  /**
   * Writes zeros to the borders in a part of a run.
   *
   * @param at where the part begins in {@code data}
   * @param from where it begins in the run
   * @param length numbers of the part
   */
  void clearBorders(float[] data, int at, int from, int length) {
    if (lead() == 0) {
      return;
    }
    int end = from + length;
    for (int row = from / pitch(); row * pitch() < end; row++) {
      int border = row * pitch() + (row % (height + padRows) < height ? width : 0);
      int last = Math.min(end, (row + 1) * pitch());
      // Most are a single number, too few for Arrays.fill.
      for (int i = Math.max(from, border); i < last; i++) {
        data[at + i - from] = 0;
      }
    }
  }

  /** Writes the zeros before and behind a run that begins at {@code at}. */
  void clearEnds(float[] data, int at, int images) {
    int end = at + run(images);
    Arrays.fill(data, at - lead(), at, 0);
    Arrays.fill(data, end, end + lead(), 0);
  }
}
