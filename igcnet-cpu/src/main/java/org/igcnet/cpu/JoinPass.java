package org.igcnet.cpu;

import org.igcnet.arch.ImageShape;
import org.igcnet.cpu.Activation.Joined;
import org.igcnet.cpu.Activation.Shortcut;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;

/**
 * Computes and stores a {@link Joined} activation. Backward there is nothing to do: whoever writes
 * the gradient of a joined activation applies its ReLU, and both summands take that same gradient.
 */
record JoinPass(Joined joined, int parts) implements Pass {
  @Override
  public String name() {
    return "sums with shortcuts";
  }

  @Override
  public void pack(Network.Mode mode) {}

  @Override
  public void forward(Frame frame, int task, float[] scratch) {
    int height = joined.shape().height();
    int from = frame.rowFrom(task, height);
    int rows = frame.rowTo(task, height) - from;
    Norm norm = joined.norm();
    int group = frame.group(task);
    for (int channel = 0; channel < joined.shape().channels(); channel++) {
      int at = joined.at(joined.values(), frame, task, channel, from);
      shortcut(frame, task, channel, from, rows, scratch);
      Rows.join(
          norm.raw().data(),
          norm.scale(group, channel),
          norm.shift(group, channel),
          frame.living(task),
          scratch,
          Tensor.LEAD,
          joined.values().data(),
          at,
          joined.values().rowStep(),
          rows,
          joined.rowLength());
    }
  }

  private void shortcut(Frame frame, int task, int channel, int row, int rows, float[] scratch) {
    switch (joined.shortcut()) {
      case Shortcut.Identity(Activation input) ->
          input.fill(frame, task, channel, row, rows, scratch, Tensor.LEAD, joined.rowLength());
      case Shortcut.Projected(Norm projection) ->
          Rows.normalise(
              projection.raw().data(),
              joined.at(projection.raw(), frame, task, channel, row),
              projection.raw().rowStep(),
              projection.scale(frame.group(task), channel),
              projection.shift(frame.group(task), channel),
              frame.living(task),
              scratch,
              Tensor.LEAD,
              joined.rowLength(),
              rows,
              joined.rowLength());
    }
  }

  @Override
  public void finishForward(Frame frame) {}

  @Override
  public void backward(Frame frame, int task, float[] scratch, boolean continues) {}

  @Override
  public void finishBackward(Frame frame) {}

  /** Floats of memory that a thread needs. */
  static long scratch(ImageShape shape) {
    return Tensor.LEAD + (long) shape.pixels() * Lanes.COUNT;
  }
}
