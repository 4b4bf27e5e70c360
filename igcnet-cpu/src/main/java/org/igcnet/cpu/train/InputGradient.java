package org.igcnet.cpu.train;

import java.util.List;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.ConvKernels.Phase;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.Area;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.plan.Strip;
import org.jspecify.annotations.Nullable;

/** Writes the gradient of the activation that a convolution has read. */
final class InputGradient {
  /**
   * Where it goes.
   *
   * @param gradient of the activation that was read
   * @param addend another gradient of the same activation, which may be the same memory
   * @param complete whether the sum is the activation's whole gradient: then its ReLU is applied
   *     and the sums for the norm behind it are gathered
   */
  record Target(Tensor gradient, @Nullable Tensor addend, boolean complete) {}

  private final Link link;
  private final Strip strip;
  private final List<Phase> phases;
  private final Activation source;
  private final Target target;

  InputGradient(ConvPlan plan, List<Phase> phases, Activation source, Target target) {
    this.link = plan.link();
    this.strip = plan.strip();
    this.phases = phases;
    this.source = source;
    this.target = target;
  }

  /** A task begins. */
  void begin(Desk desk) {
    if (target.complete()) {
      source.clearGradient(desk.task());
    }
  }

  /**
   * For one partition, and the input rows that a strip completes.
   *
   * @param first the strip's first output row
   * @param rows its output rows
   */
  void write(Desk desk, int group, int first, int rows) {
    int from = strip.inputRow(first);
    int to = strip.inputRow(first + rows);
    for (Phase phase : phases) {
      compute(phase, desk, group, first, from, to);
    }
    for (int i = 0; i < link.primary().groupInputs(); i++) {
      store(desk, group, i, first, from, to - from);
    }
  }

  private void compute(Phase phase, Desk desk, int group, int first, int from, int to) {
    GroupConvolution primary = link.primary();
    int stride = primary.stride();
    int padRows = primary.kernel().padRows();
    int padColumns = primary.kernel().padColumns();
    int row = from + Math.floorMod(phase.row() - from - padRows, stride);
    int column = Math.floorMod(phase.column() - padColumns, stride);
    int width = link.input().width();
    if (row >= to || column >= width) {
      return;
    }
    int dyRow = (row + padRows - phase.row()) / stride - first + strip.before();
    int dyColumn = (column + padColumns - phase.column()) / stride + strip.left();
    phase
        .kernel()
        .run(
            group,
            desk.scratch(),
            strip.dy().index(group * primary.groupOutputs(), dyRow, dyColumn),
            desk.scratch(),
            strip.dx().index(0, row - from, column),
            Math.ceilDiv(to - row, stride),
            Math.ceilDiv(width - column, stride));
  }

  /**
   * Adds the other gradient, applies the ReLU, writes, and gathers the sums for the norm before.
   */
  private void store(Desk desk, int group, int i, int first, int row, int rows) {
    int channel = link.reads().at(group * link.primary().groupInputs() + i);
    Area dx = strip.dx();
    Rows computed = desk.own(dx.index(i), dx.rowStep(), rows, dx.rowStep());
    if (target.addend() != null) {
      desk.stored(target.addend(), channel, row, rows).addTo(computed);
    }
    if (target.complete()) {
      int left = link.primary().kernel().padColumns();
      int activation = strip.in().index(i, row - strip.topRow(first), left);
      int step = strip.in().rowStep();
      source.storeGradient(desk, channel, computed, activation, step, target.gradient(), row);
    } else {
      desk.stored(target.gradient(), channel, row, rows).store(computed);
    }
  }

  /** After all tasks. */
  void finish(Frame frame) {
    if (target.complete()) {
      source.finishGradient(frame);
    }
  }
}
