package org.igcnet.cpu.train;

import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.Frame;

/** What a convolution reads: feature maps that are stored, or computed while they are read. */
sealed interface Activation {
  ImageShape shape();

  /** Writes rows of one channel of the block at hand, from {@code row} on. */
  void fill(Desk desk, int channel, int row, Rows to);

  /**
   * The norms that take this activation's gradient, as its ReLU lets it through: none, unless one
   * stands before it.
   */
  default List<Norm> norms() {
    return List.of();
  }

  /** Forgets the sums of a task's gradient. */
  default void clearGradient(int task) {
    for (Norm norm : norms()) {
      norm.clear(task);
    }
  }

  /**
   * Gathers the sums of a gradient that was just written, for the norms from {@code first} on.
   *
   * @param gradient the gradient with respect to this activation, where its ReLU let it through
   */
  default void collectGradient(
      int first, Desk desk, int channel, Tensor gradient, int row, int rows) {
    List<Norm> norms = norms();
    // By number: a list of the rest, made for each strip of rows, would be all the garbage of a
    // step.
    for (int i = first; i < norms.size(); i++) {
      norms.get(i).collectGradient(desk, channel, gradient, row, rows);
    }
  }

  /**
   * Writes rows of a gradient where this activation is positive, and zeros elsewhere, and gathers
   * their sums for all norms.
   *
   * @param gradient in the thread's memory
   * @param activation where its rows begin there
   * @param activationStep floats from row to row of it
   * @param row the first of {@code to} to write
   */
  default void storeGradient(
      Desk desk,
      int channel,
      Rows gradient,
      int activation,
      int activationStep,
      Tensor to,
      int row) {
    if (norms().isEmpty()) {
      desk.stored(to, channel, row, gradient.count())
          .storeMasked(gradient, activation, activationStep);
      return;
    }
    norms().getFirst().storeGradient(desk, channel, gradient, activation, activationStep, to, row);
    collectGradient(1, desk, channel, to, row, gradient.count());
  }

  /** From the sums to what the norms' backward needs. */
  default void finishGradient(Frame frame) {
    for (Norm norm : norms()) {
      norm.finishGradient(frame);
    }
  }

  /** Floats in one row. */
  default int rowLength() {
    return shape().width() * Lanes.COUNT;
  }

  /**
   * The images of a batch, {@code [block][row][channel][column][V]}; nobody asks for their
   * gradient.
   */
  @SuppressWarnings("ArrayRecordComponent") // memory, never compared
  record Images(float[] pixels, ImageShape shape) implements Activation {
    /** Zeros for all images of a batch. */
    static Images allocate(BatchLayout layout, ImageShape shape) {
      long floats = Lanes.LEAD + layout.words(Precision.FLOAT32, shape);
      return new Images(new float[MemoryPlan.length(floats, "the images of a batch")], shape);
    }

    /** Brings one block's images into its lanes; dead lanes become zero. */
    void take(ImageBatch batch, BatchLayout layout, int block) {
      int living = layout.living(block);
      int first = layout.firstImage(block);
      int from = index(block, 0, 0);
      if (living < Lanes.COUNT) {
        Arrays.fill(pixels, from, from + shape.size() * Lanes.COUNT, 0);
      }
      for (int lane = 0; lane < living; lane++) {
        take(batch.pixels(), batch.start(first + lane), block, lane);
      }
    }

    private void take(float[] image, int at, int block, int lane) {
      int from = at;
      for (int channel = 0; channel < shape.channels(); channel++) {
        for (int row = 0; row < shape.height(); row++) {
          int to = index(block, row, channel) + lane;
          for (int column = 0; column < shape.width(); column++, to += Lanes.COUNT) {
            pixels[to] = image[from++];
          }
        }
      }
    }

    private int index(int block, int row, int channel) {
      int line = (block * shape.height() + row) * shape.channels() + channel;
      return Lanes.LEAD + line * rowLength();
    }

    @Override
    public void fill(Desk desk, int channel, int row, Rows to) {
      int step = shape.channels() * rowLength();
      to.copy(
          desk.elsewhere(pixels, index(desk.block(), row, channel), step, to.count(), rowLength()));
    }
  }

  /** Feature maps as they stand in memory, without a norm behind them. */
  record Stored(Tensor values) implements Activation {
    @Override
    public ImageShape shape() {
      return values.shape();
    }

    @Override
    public void fill(Desk desk, int channel, int row, Rows to) {
      desk.stored(values, channel, row, to.count()).copyTo(to);
    }
  }

  /** ReLU(raw): footnote 4, between the convolutions of a product. */
  record Rectified(Tensor raw) implements Activation {
    @Override
    public ImageShape shape() {
      return raw.shape();
    }

    @Override
    public void fill(Desk desk, int channel, int row, Rows to) {
      desk.stored(raw, channel, row, to.count()).rectifyTo(to);
    }
  }

  /** ReLU(batch norm(raw)), computed while it is read. */
  record NormRelu(Norm norm, List<Norm> norms) implements Activation {
    NormRelu(Norm norm) {
      this(norm, List.of(norm));
    }

    @Override
    public ImageShape shape() {
      return norm.raw().shape();
    }

    @Override
    public void fill(Desk desk, int channel, int row, Rows to) {
      int group = desk.group();
      desk.stored(norm.raw(), channel, row, to.count())
          .normaliseReluTo(
              to, norm.scale(group, channel), norm.shift(group, channel), desk.living());
    }
  }

  /**
   * ReLU(batch norm(raw) + shortcut), stored, because the next shortcut needs it too.
   *
   * @param values the activation
   * @param norm of the residual branch
   * @param shortcut the other summand
   * @param norms of both summands, the residual branch's first
   */
  record Joined(Tensor values, Norm norm, Shortcut shortcut, List<Norm> norms)
      implements Activation {
    Joined(Tensor values, Norm norm, Shortcut shortcut) {
      this(
          values,
          norm,
          shortcut,
          switch (shortcut) {
            case Shortcut.Identity ignored -> List.of(norm);
            case Shortcut.Projected(Norm projection) -> List.of(norm, projection);
          });
    }

    @Override
    public ImageShape shape() {
      return values.shape();
    }

    @Override
    public void fill(Desk desk, int channel, int row, Rows to) {
      desk.stored(values, channel, row, to.count()).copyTo(to);
    }
  }

  /** What is added to a residual branch. */
  sealed interface Shortcut {
    /** The block's own input. */
    record Identity(Activation input) implements Shortcut {}

    /** Batch norm of a 1×1 convolution of the block's input. */
    record Projected(Norm norm) implements Shortcut {}
  }
}
