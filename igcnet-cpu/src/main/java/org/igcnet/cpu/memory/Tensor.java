package org.igcnet.cpu.memory;

import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.plan.BatchLayout;

/**
 * Feature maps of a whole batch, {@code [block][row][channel][column][V]}, in one array. Rows come
 * before channels because passes take strips of rows: a strip of all channels is one stretch of
 * memory, which the processor fetches ahead, and its channels share no cache sets.
 */
public final class Tensor {
  private final float[] data;
  private final ImageShape shape;

  private Tensor(float[] data, ImageShape shape) {
    this.data = data;
    this.shape = shape;
  }

  /** A tensor of zeros for all images of a batch. */
  public static Tensor allocate(BatchLayout layout, ImageShape shape) {
    return new Tensor(
        new float[MemoryPlan.length(layout.floats(shape), "the feature maps of one layer")], shape);
  }

  /** Another shape in the same memory, which must hold as much. */
  public Tensor as(ImageShape other) {
    return new Tensor(data, other);
  }

  /** The values themselves, not a copy. */
  public float[] data() {
    return data;
  }

  public ImageShape shape() {
    return shape;
  }

  /** Where a row of a channel of a block begins. */
  public int index(int block, int row, int channel) {
    return Lanes.LEAD + (block * shape.height() + row) * rowStep() + channel * channelStep();
  }

  /** Floats between two rows of a channel. */
  public int rowStep() {
    return shape.channels() * channelStep();
  }

  /** Floats between two channels of a row, which are those of one row. */
  public int channelStep() {
    return shape.width() * Lanes.COUNT;
  }
}
