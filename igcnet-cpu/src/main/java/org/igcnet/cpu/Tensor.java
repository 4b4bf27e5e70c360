package org.igcnet.cpu;

import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.kernel.Lanes;

/**
 * Feature maps of a whole batch, {@code [block][row][channel][column][V]}, in one array. Rows come
 * before channels because passes take strips of rows: a strip of all channels is one stretch of
 * memory, which the processor fetches ahead, and its channels share no cache sets.
 *
 * <p>The first value stands {@value #LEAD} places into the array: a large array's header ends 16
 * bytes after a boundary of 64, so that every vector then lies within one cache line.
 */
final class Tensor {
  /** Where vectors in a large array lie within cache lines. */
  static final int LEAD = 12;

  private final float[] data;
  private final ImageShape shape;

  private Tensor(float[] data, ImageShape shape) {
    this.data = data;
    this.shape = shape;
  }

  /** A tensor of zeros for {@code blocks} blocks of V images. */
  static Tensor allocate(int blocks, ImageShape shape) {
    return new Tensor(
        new float[MemoryPlan.length(floats(blocks, shape), "the feature maps of one layer")],
        shape);
  }

  /** Floats that a tensor takes. */
  static long floats(int blocks, ImageShape shape) {
    return LEAD + (long) blocks * shape.size() * Lanes.COUNT;
  }

  /** Another shape in the same memory, which must hold as much. */
  Tensor as(ImageShape other) {
    return new Tensor(data, other);
  }

  /** The values themselves, not a copy. */
  float[] data() {
    return data;
  }

  ImageShape shape() {
    return shape;
  }

  /** Where a row of a channel of a block begins. */
  int index(int block, int row, int channel) {
    return LEAD + (block * shape.height() + row) * rowStep() + channel * channelStep();
  }

  /** Floats between two rows of a channel. */
  int rowStep() {
    return shape.channels() * channelStep();
  }

  /** Floats between two channels of a row, which are those of one row. */
  int channelStep() {
    return shape.width() * Lanes.COUNT;
  }
}
