package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.arch.Kernel;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.MaxPool;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.PoolPlan;

/**
 * The max pool behind the stem. Forward applies the stem's batch norm and ReLU while it reads, and
 * stores the result, as a shortcut needs it too. Backward gives each gradient to the first of the
 * greatest values in its window.
 *
 * <p>The border is zeros: after a ReLU no value is below, and where zero is the greatest no
 * gradient passes the ReLU.
 */
final class PoolPass implements Pass {
  private final PoolPlan plan;
  private final Kernel window;
  private final int stride;
  private final Activation source;
  private final Tensor values;
  private final int parts;
  private final MaxPool kernel;
  private final Tensor outputGradient;
  private final Tensor sourceGradient;

  /**
   * @param values get the pooled activation
   * @param outputGradient that of the pooled values
   * @param sourceGradient where that of the activation before goes
   */
  PoolPass(
      PoolPlan plan,
      Activation source,
      Tensor values,
      Tensor outputGradient,
      Tensor sourceGradient,
      int parts) {
    this.plan = plan;
    this.window = plan.pool().kernel();
    this.stride = plan.pool().stride();
    this.source = source;
    this.values = values;
    this.parts = parts;
    this.kernel = new MaxPool(window.height(), window.width(), stride, plan.rowStep());
    this.outputGradient = outputGradient;
    this.sourceGradient = sourceGradient;
  }

  @Override
  public String name() {
    return "max pool";
  }

  @Override
  public int parts() {
    return parts;
  }

  @Override
  public void pack(Mode mode) {}

  @Override
  public void forward(Desk desk) {
    int height = values.shape().height();
    int to = desk.rowTo(height);
    for (int channel = 0; channel < values.shape().channels(); channel++) {
      for (int row = desk.rowFrom(height); row < to; row += PoolPlan.ROWS) {
        int rows = Math.min(PoolPlan.ROWS, to - row);
        fill(desk, channel, row, rows);
        Rows greatest = windows(desk, rows);
        kernel.forward(desk.scratch(), Lanes.LEAD, greatest);
        desk.stored(values, channel, row, rows).store(greatest);
      }
    }
  }

  /** The activation under rows of windows, with its border. */
  private void fill(Desk desk, int channel, int row, int rows) {
    int top = row * stride - window.padRows();
    int from = Math.max(0, top);
    int to = Math.min(source.shape().height(), top + (rows - 1) * stride + window.height());
    Arrays.fill(desk.scratch(), Lanes.LEAD, Lanes.LEAD + plan.plane(), 0);
    source.fill(desk, channel, from, own(desk, plan.place(from - top), to - from));
  }

  private Rows windows(Desk desk, int rows) {
    return desk.own(plan.windowsAt(), plan.windowsRow(), rows, plan.windowsRow());
  }

  private Rows own(Desk desk, int at, int rows) {
    return desk.own(at, plan.rowStep(), rows, source.rowLength());
  }

  @Override
  public void finishForward(Frame frame) {}

  @Override
  public void backward(Desk desk) {
    source.clearGradient(desk.task());
    int height = source.shape().height();
    int first = desk.rowFrom(height);
    int to = desk.rowTo(height);
    int complete = plan.completeRows();
    for (int channel = 0; channel < source.shape().channels(); channel++) {
      for (int from = first; from < to; from += complete) {
        backwardStrip(desk, channel, from, Math.min(complete, to - from));
      }
    }
  }

  /** The gradient of rows of the source, from all windows that reach them. */
  private void backwardStrip(Desk desk, int channel, int from, int rows) {
    int last = values.shape().height() - 1;
    int first = Math.max(0, Math.ceilDiv(from + window.padRows() - window.height() + 1, stride));
    int windows = Math.min(last, (from + rows - 1 + window.padRows()) / stride) - first + 1;
    fill(desk, channel, first, windows);
    Arrays.fill(desk.scratch(), plan.gradientAt(), plan.windowsAt(), 0);
    Rows greatest = windows(desk, windows);
    desk.stored(outputGradient, channel, first, windows).copyTo(greatest);
    kernel.backward(desk.scratch(), Lanes.LEAD, greatest, plan.gradientAt());
    int top = first * stride - window.padRows();
    for (int row = from; row < from + rows; row++) {
      int at = plan.place(row - top);
      Rows gradient = own(desk, at + plan.plane(), 1);
      source.storeGradient(desk, channel, gradient, at, plan.rowStep(), sourceGradient, row);
    }
  }

  @Override
  public void finishBackward(Frame frame) {
    source.finishGradient(frame);
  }
}
