package org.igcnet.engine;

import java.util.Arrays;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.StemPool;
import org.igcnet.engine.kernel.Lanes;
import org.igcnet.engine.kernel.MaxPool;

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

  private static final Kernel KERNEL = StemPool.KERNEL;
  private static final int STRIDE = StemPool.STRIDE;
  private static final int STRIP_ROWS = (ROWS - 1) * STRIDE + KERNEL.height();

  private final Activation source;
  private final Tensor values;
  private final int parts;
  private final MaxPool kernel;
  private final int rowStep;
  private final int plane;
  private Tensor outputGradient;
  private Tensor sourceGradient;

  PoolPass(Activation source, Tensor values, int parts) {
    this.source = source;
    this.values = values;
    this.parts = parts;
    this.rowStep = columns(source.shape(), values.shape()) * Lanes.COUNT;
    this.plane = STRIP_ROWS * rowStep;
    this.kernel = new MaxPool(KERNEL.height(), KERNEL.width(), STRIDE, rowStep);
    this.outputGradient = values;
    this.sourceGradient = values;
  }

  @Override
  public String name() {
    return "max pool";
  }

  /** Wide enough for the last window, and for the border on both sides. */
  private static int columns(ImageShape source, ImageShape values) {
    return Math.max(
        source.width() + 2 * KERNEL.padColumns(), (values.width() - 1) * STRIDE + KERNEL.width());
  }

  /** Floats of memory that a thread needs. */
  static long scratch(StemPool pool) {
    return Tensor.LEAD + 2L * STRIP_ROWS * columns(pool.input(), pool.output()) * Lanes.COUNT;
  }

  /** The pooled activation. */
  Tensor values() {
    return values;
  }

  /**
   * Says where backward reads and writes.
   *
   * @param output the gradient of the pooled values
   * @param target where the gradient of the activation before goes
   */
  void connect(Tensor output, Tensor target) {
    this.outputGradient = output;
    this.sourceGradient = target;
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
    int top = row * STRIDE - KERNEL.padRows();
    int from = Math.max(0, top);
    int to = Math.min(source.shape().height(), top + (rows - 1) * STRIDE + KERNEL.height());
    Arrays.fill(scratch, Tensor.LEAD, Tensor.LEAD + plane, 0);
    source.fill(frame, task, channel, from, to - from, scratch, place(from - top), rowStep);
  }

  /** Where a row of the strip begins, after its border. */
  private int place(int row) {
    return Tensor.LEAD + row * rowStep + KERNEL.padColumns() * Lanes.COUNT;
  }

  @Override
  public void finishForward(Frame frame, float kept) {}

  @Override
  public void backward(Frame frame, int task, float[] scratch, boolean continues) {
    source.clearGradient(task);
    int height = source.shape().height();
    int first = frame.rowFrom(task, height);
    int to = frame.rowTo(task, height);
    // Each strip completes as many rows as its windows step over.
    int complete = (ROWS - 1) * STRIDE - KERNEL.height() + 1;
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
    int window = Math.max(0, Math.ceilDiv(from + KERNEL.padRows() - KERNEL.height() + 1, STRIDE));
    int windows = Math.min(last, (from + rows - 1 + KERNEL.padRows()) / STRIDE) - window + 1;
    fill(frame, task, channel, window, windows, scratch);
    Arrays.fill(scratch, Tensor.LEAD + plane, Tensor.LEAD + 2 * plane, 0);
    kernel.backward(
        scratch,
        Tensor.LEAD,
        outputGradient.data(),
        outputGradient.index(frame.block(task), window, channel),
        outputGradient.rowStep(),
        scratch,
        Tensor.LEAD + plane,
        windows,
        values.shape().width());
    int top = window * STRIDE - KERNEL.padRows();
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
