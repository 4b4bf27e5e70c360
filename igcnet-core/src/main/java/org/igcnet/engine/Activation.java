package org.igcnet.engine;

import org.igcnet.arch.ImageShape;
import org.igcnet.engine.kernel.Lanes;
import org.igcnet.engine.kernel.Rows;

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

  /** Forgets the sums of a task's gradient. */
  void clearGradient(int task);

  /**
   * Gathers the sums of a gradient that was just written, for the norms behind this activation.
   *
   * @param gradient the gradient with respect to this activation, where its ReLU let it through
   */
  void collectGradient(Frame frame, int task, int channel, Tensor gradient, int row, int rows);

  /** From the sums to what the norms' backward needs. */
  void finishGradient(Frame frame);

  /** Floats in one row. */
  default int rowLength() {
    return shape().width() * Lanes.COUNT;
  }

  /** Where a row of a channel of a task's block begins in a tensor of this shape. */
  default int at(Tensor tensor, Frame frame, int task, int channel, int row) {
    return tensor.index(frame.block(task), row, channel);
  }

  /** The batch itself; nobody asks for its gradient. */
  final class Images implements Activation {
    private final ImageShape shape;
    private Tensor pixels;

    Images(ImageShape shape) {
      this.shape = shape;
      this.pixels = Tensor.allocate(0, shape);
    }

    void set(Batch batch) {
      pixels = batch.pixels();
    }

    @Override
    public ImageShape shape() {
      return shape;
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
      int from = at(pixels, frame, task, channel, row);
      Rows.copy(
          pixels.data(), from, pixels.rowStep(), to, toBase, toRowStep, rows, rowLength());
    }

    @Override
    public void clearGradient(int task) {}

    @Override
    public void collectGradient(
        Frame frame, int task, int channel, Tensor gradient, int row, int rows) {}

    @Override
    public void finishGradient(Frame frame) {}
  }

  /** ReLU(batch norm(raw)), computed while it is read. */
  record NormRelu(Norm norm) implements Activation {
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

    @Override
    public void clearGradient(int task) {
      norm.clear(task);
    }

    @Override
    public void collectGradient(
        Frame frame, int task, int channel, Tensor gradient, int row, int rows) {
      norm.collectGradient(frame, task, channel, gradient, row, rows);
    }

    @Override
    public void finishGradient(Frame frame) {
      norm.finishGradient(frame);
    }
  }

  /**
   * ReLU(batch norm(raw) + shortcut), stored, because the next shortcut needs it too.
   *
   * @param values the activation
   * @param norm of the residual branch
   * @param shortcut the other summand
   */
  record Joined(Tensor values, Norm norm, Shortcut shortcut) implements Activation {
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
      int from = at(values, frame, task, channel, row);
      Rows.copy(
          values.data(), from, values.rowStep(), to, toBase, toRowStep, rows, rowLength());
    }

    @Override
    public void clearGradient(int task) {
      norm.clear(task);
      if (shortcut instanceof Shortcut.Projected(Norm projection)) {
        projection.clear(task);
      }
    }

    @Override
    public void collectGradient(
        Frame frame, int task, int channel, Tensor gradient, int row, int rows) {
      norm.collectGradient(frame, task, channel, gradient, row, rows);
      if (shortcut instanceof Shortcut.Projected(Norm projection)) {
        projection.collectGradient(frame, task, channel, gradient, row, rows);
      }
    }

    @Override
    public void finishGradient(Frame frame) {
      norm.finishGradient(frame);
      if (shortcut instanceof Shortcut.Projected(Norm projection)) {
        projection.finishGradient(frame);
      }
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
