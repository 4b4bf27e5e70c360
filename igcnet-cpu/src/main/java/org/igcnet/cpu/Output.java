package org.igcnet.cpu;

import org.igcnet.cpu.kernel.Rows;

/** What becomes of the raw output of a {@link ConvPass}. */
sealed interface Output permits Norm, Output.Raw {
  Tensor raw();

  /** Forgets a task's sums. */
  void clear(int task);

  /** Adds rows of the raw output to a task's sums. */
  void collect(Frame frame, int task, int channel, int row, int rows);

  /** After all of a batch's raw output is written. */
  void finishForward(Frame frame);

  /**
   * Writes the raw output's gradient for rows of one channel.
   *
   * @param gradient that of the activation after it
   */
  void rawGradient(
      Frame frame,
      int task,
      int channel,
      Tensor gradient,
      int row,
      int rows,
      float[] to,
      int toBase,
      int toRowStep);

  /** Nothing: another convolution reads it as it is. */
  record Raw(Tensor raw) implements Output {
    @Override
    public void clear(int task) {}

    @Override
    public void collect(Frame frame, int task, int channel, int row, int rows) {}

    @Override
    public void finishForward(Frame frame) {}

    @Override
    public void rawGradient(
        Frame frame,
        int task,
        int channel,
        Tensor gradient,
        int row,
        int rows,
        float[] to,
        int toBase,
        int toRowStep) {
      int from = gradient.index(frame.block(task), row, channel);
      Rows.copy(
          gradient.data(),
          from,
          gradient.rowStep(),
          to,
          toBase,
          toRowStep,
          rows,
          gradient.channelStep());
    }
  }
}
