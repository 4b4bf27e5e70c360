package org.igcnet.cpu.train;

import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.Frame;

/** What becomes of the raw output of a convolution. */
interface Output {
  Tensor raw();

  /** Forgets a task's sums. */
  void clear(int task);

  /**
   * Takes rows of the raw output.
   *
   * @param row the first of them
   */
  void store(Desk desk, int channel, int row, Rows from);

  /** After all of a batch's raw output is written. */
  void finishForward(Frame frame);

  /**
   * Writes the raw output's gradient for rows of one channel.
   *
   * @param gradient that of the activation after it
   * @param row the first of them
   */
  void rawGradient(Desk desk, int channel, Tensor gradient, int row, Rows to);

  /** Nothing: another convolution reads it as it is. */
  record Raw(Tensor raw) implements Output {
    @Override
    public void clear(int task) {}

    @Override
    public void store(Desk desk, int channel, int row, Rows from) {
      desk.stored(raw, channel, row, from.count()).store(from);
    }

    @Override
    public void finishForward(Frame frame) {}

    @Override
    public void rawGradient(Desk desk, int channel, Tensor gradient, int row, Rows to) {
      desk.stored(gradient, channel, row, to.count()).copyTo(to);
    }
  }
}
