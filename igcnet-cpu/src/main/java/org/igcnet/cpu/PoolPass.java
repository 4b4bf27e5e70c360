package org.igcnet.cpu;

import java.util.Arrays;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.MaxPool;

/**
 * The max pool behind the stem. Forward applies the stem's batch norm and ReLU while it reads, and
 * stores the result, as a shortcut needs it too. Backward gives each gradient to the first of the
 * greatest values in its window.
 *
 * <p>The border is zeros: after a ReLU no value is below, and where zero is the greatest no
 * gradient passes the ReLU.
 */
final class PoolPass implements Pass {
  /** Rows of windows that a thread takes at a time. */
  private static final int ROWS = 8;

  private final Kernel window;
  private final int stride;
  private final Activation source;
  private final Tensor values;
  private final int parts;
  private final MaxPool kernel;
  private final int rowStep;
  private final int plane;
  private final Tensor outputGradient;
  private final Tensor sourceGradient;

  /**
   * @param values get the pooled activation
   * @param outputGradient that of the pooled values
   * @param sourceGradient where that of the activation before goes
   */
  PoolPass(
      Operation.MaxPool pool,
      Activation source,
      Tensor values,
      Tensor outputGradient,
      Tensor sourceGradient,
      int parts) {
    this.window = pool.kernel();
    this.stride = pool.stride();
    this.source = source;
    this.values = values;
    this.parts = parts;
    this.rowStep = columns(pool) * Lanes.COUNT;
    this.plane = rows(pool) * rowStep;
    this.kernel = new MaxPool(window.height(), window.width(), stride, rowStep);
    this.outputGradient = outputGradient;
    this.sourceGradient = sourceGradient;
  }

  @Override
  public String name() {
    return "max pool";
  }

  /** Wide enough for the last window, and for the border on both sides. */
  private static int columns(Operation.MaxPool pool) {
    Kernel window = pool.kernel();
    return Math.max(
        pool.from().width() + 2 * window.padColumns(),
        (pool.output().width() - 1) * pool.stride() + window.width());
  }

  /** Rows under the windows that a thread takes at a time. */
  private static int rows(Operation.MaxPool pool) {
    return (ROWS - 1) * pool.stride() + pool.kernel().height();
  }

  /** Floats of memory that a thread needs. */
  static long scratch(Operation.MaxPool pool) {
    return Tensor.LEAD + 2L * rows(pool) * columns(pool) * Lanes.COUNT;
  }

  @Override
  public int parts() {
    return parts;
  }

  @Override
  public void pack(Network.Mode mode) {}

  @Override
  public void forward(Frame frame, int task, float[] scratch) {
    int height = values.shape().height();
    int to = frame.rowTo(task, height);
    for (int channel = 0; channel < values.shape().channels(); channel++) {
      for (int row = frame.rowFrom(task, height); row < to; row += ROWS) {
        int rows = Math.min(ROWS, to - row);
        fill(frame, task, channel, row, rows, scratch);
        kernel.forward(
            scratch,
            Tensor.LEAD,
            values.data(),
            values.index(frame.block(task), row, channel),
            values.rowStep(),
            rows,
            values.shape().width());
      }
    }
  }

  /** The activation under rows of windows, with its border. */
  private void fill(Frame frame, int task, int channel, int row, int rows, float[] scratch) {
    int top = row * stride - window.padRows();
    int from = Math.max(0, top);
    int to = Math.min(source.shape().height(), top + (rows - 1) * stride + window.height());
    Arrays.fill(scratch, Tensor.LEAD, Tensor.LEAD + plane, 0);
    source.fill(frame, task, channel, from, to - from, scratch, place(from - top), rowStep);
  }

  /** Where a row of the strip begins, after its border. */
  private int place(int row) {
    return Tensor.LEAD + row * rowStep + window.padColumns() * Lanes.COUNT;
  }

  @Override
  public void finishForward(Frame frame) {}

  @Override
  public void backward(Frame frame, int task, float[] scratch, boolean continues) {
    source.clearGradient(task);
    int height = source.shape().height();
    int first = frame.rowFrom(task, height);
    int to = frame.rowTo(task, height);
    // Each strip completes as many rows as its windows step over.
    int complete = (ROWS - 1) * stride - window.height() + 1;
    for (int channel = 0; channel < source.shape().channels(); channel++) {
      for (int from = first; from < to; from += complete) {
        backwardStrip(frame, task, channel, from, Math.min(complete, to - from), scratch);
      }
    }
  }

  /** The gradient of rows of the source, from all windows that reach them. */
  private void backwardStrip(
      Frame frame, int task, int channel, int from, int rows, float[] scratch) {
    int last = values.shape().height() - 1;
    int first = Math.max(0, Math.ceilDiv(from + window.padRows() - window.height() + 1, stride));
    int windows = Math.min(last, (from + rows - 1 + window.padRows()) / stride) - first + 1;
    fill(frame, task, channel, first, windows, scratch);
    Arrays.fill(scratch, Tensor.LEAD + plane, Tensor.LEAD + 2 * plane, 0);
    kernel.backward(
        scratch,
        Tensor.LEAD,
        outputGradient.data(),
        outputGradient.index(frame.block(task), first, channel),
        outputGradient.rowStep(),
        scratch,
        Tensor.LEAD + plane,
        windows,
        values.shape().width());
    int top = first * stride - window.padRows();
    for (int row = from; row < from + rows; row++) {
      int at = place(row - top);
      source.storeGradient(
          frame, task, channel, scratch, at + plane, at, rowStep, sourceGradient, row, 1);
    }
  }

  @Override
  public void finishBackward(Frame frame) {
    source.finishGradient(frame);
  }
}
