package org.igcnet.cpu.train;

import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.StoredRows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.train.Activation.Joined;
import org.igcnet.cpu.train.Activation.Shortcut;

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
  public void pack(Mode mode) {}

  @Override
  public void forward(Desk desk) {
    int height = joined.shape().height();
    int from = desk.rowFrom(height);
    int rows = desk.rowTo(height) - from;
    Norm norm = joined.norm();
    int group = desk.group();
    for (int channel = 0; channel < joined.shape().channels(); channel++) {
      float scale = norm.scale(group, channel);
      float shift = norm.shift(group, channel);
      Rows shortcut = shortcut(desk, channel, from, rows);
      desk.stored(joined.values(), channel, from, rows)
          .storeJoined(
              desk.raw(norm.raw(), channel, from, rows), scale, shift, desk.living(), shortcut);
    }
  }

  private Rows shortcut(Desk desk, int channel, int row, int rows) {
    Rows to = desk.own(Lanes.LEAD, joined.rowLength(), rows, joined.rowLength());
    switch (joined.shortcut()) {
      case Shortcut.Identity(Activation input) -> input.fill(desk, channel, row, to);
      case Shortcut.Projected(Norm projection) -> {
        StoredRows raw = desk.stored(projection.raw(), channel, row, rows);
        float scale = projection.scale(desk.group(), channel);
        float shift = projection.shift(desk.group(), channel);
        raw.normaliseTo(to, scale, shift, desk.living());
      }
    }
    return to;
  }

  @Override
  public void finishForward(Frame frame) {}

  @Override
  public void backward(Desk desk) {}

  @Override
  public void finishBackward(Frame frame) {}
}
