package org.igcnet.cpu;

import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.ImageBatch;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;

/** What a convolution reads: feature maps that are stored, or computed while they are read. */
sealed interface Activation {
  ImageShape shape();

  /**
   * Writes rows of one channel of a task's block.
   *
   * @param row the first row
   * @param rows how many
   * @param toRowStep floats between rows of {@code to}
   */
  void fill(
      Frame frame, int task, int channel, int row, int rows, float[] to, int toBase, int toRowStep);

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
      int first, Frame frame, int task, int channel, Tensor gradient, int row, int rows) {
    for (Norm norm : norms().subList(first, norms().size())) {
      norm.collectGradient(frame, task, channel, gradient, row, rows);
    }
  }

  /**
   * Writes rows of a gradient where this activation is positive, and zeros elsewhere, and gathers
   * their sums for all norms.
   *
   * @param scratch holds the gradient from {@code at} on, its rows following each other, and the
   *     activation from {@code activation} on
   */
  default void storeGradient(
      Frame frame,
      int task,
      int channel,
      float[] scratch,
      int at,
      int activation,
      int activationRowStep,
      Tensor to,
      int row,
      int rows) {
    if (norms().isEmpty()) {
      Rows.mask(
          scratch,
          at,
          activation,
          activationRowStep,
          to.data(),
          at(to, frame, task, channel, row),
          to.rowStep(),
          rows,
          to.channelStep());
      return;
    }
    norms()
        .getFirst()
        .storeGradient(
            frame, task, channel, scratch, at, activation, activationRowStep, to, row, rows);
    collectGradient(1, frame, task, channel, to, row, rows);
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

  /** Where a row of a channel of a task's block begins in a tensor of this shape. */
  default int at(Tensor tensor, Frame frame, int task, int channel, int row) {
    return tensor.index(frame.block(task), row, channel);
  }

  private static void copy(
      Tensor from,
      Frame frame,
      int task,
      int channel,
      int row,
      int rows,
      float[] to,
      int toBase,
      int toRowStep) {
    Rows.copy(
        from.data(),
        from.index(frame.block(task), row, channel),
        from.rowStep(),
        to,
        toBase,
        toRowStep,
        rows,
        from.channelStep());
  }

  /** The images of a batch; nobody asks for their gradient. */
  record Images(Tensor pixels) implements Activation {
    /** Brings one block's images into its lanes; dead lanes become zero. */
    void take(ImageBatch batch, BatchLayout layout, int block) {
      int living = layout.living(block);
      int first = layout.firstImage(block);
      int from = pixels.index(block, 0, 0);
      if (living < Lanes.COUNT) {
        Arrays.fill(pixels.data(), from, from + shape().size() * Lanes.COUNT, 0);
      }
      for (int lane = 0; lane < living; lane++) {
        take(batch.pixels(), batch.start(first + lane), block, lane);
      }
    }

    private void take(float[] image, int at, int block, int lane) {
      float[] data = pixels.data();
      int from = at;
      for (int channel = 0; channel < shape().channels(); channel++) {
        for (int row = 0; row < shape().height(); row++) {
          int to = pixels.index(block, row, channel) + lane;
          for (int column = 0; column < shape().width(); column++, to += Lanes.COUNT) {
            data[to] = image[from++];
          }
        }
      }
    }

    @Override
    public ImageShape shape() {
      return pixels.shape();
    }

    @Override
    public void fill(
        Frame frame,
        int task,
        int channel,
        int row,
        int rows,
        float[] to,
        int toBase,
        int toRowStep) {
      copy(pixels, frame, task, channel, row, rows, to, toBase, toRowStep);
    }
  }

  /** Feature maps as they stand in memory, without a norm behind them. */
  record Stored(Tensor values) implements Activation {
    @Override
    public ImageShape shape() {
      return values.shape();
    }

    @Override
    public void fill(
        Frame frame,
        int task,
        int channel,
        int row,
        int rows,
        float[] to,
        int toBase,
        int toRowStep) {
      copy(values, frame, task, channel, row, rows, to, toBase, toRowStep);
    }
  }

  /** ReLU(raw): footnote 4, between the convolutions of a product. */
  record Rectified(Tensor raw) implements Activation {
    @Override
    public ImageShape shape() {
      return raw.shape();
    }

    @Override
    public void fill(
        Frame frame,
        int task,
        int channel,
        int row,
        int rows,
        float[] to,
        int toBase,
        int toRowStep) {
      int from = at(raw, frame, task, channel, row);
      Rows.rectify(raw.data(), from, raw.rowStep(), to, toBase, toRowStep, rows, rowLength());
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
    public void fill(
        Frame frame,
        int task,
        int channel,
        int row,
        int rows,
        float[] to,
        int toBase,
        int toRowStep) {
      Rows.normaliseRelu(
          norm.raw().data(),
          at(norm.raw(), frame, task, channel, row),
          norm.raw().rowStep(),
          norm.scale(frame.group(task), channel),
          norm.shift(frame.group(task), channel),
          frame.living(task),
          to,
          toBase,
          toRowStep,
          rows,
          rowLength());
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
    public void fill(
        Frame frame,
        int task,
        int channel,
        int row,
        int rows,
        float[] to,
        int toBase,
        int toRowStep) {
      copy(values, frame, task, channel, row, rows, to, toBase, toRowStep);
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
