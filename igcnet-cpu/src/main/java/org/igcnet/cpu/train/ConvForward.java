package org.igcnet.cpu.train;

import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.ConvKernels;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.GroupKernel;
import org.igcnet.cpu.memory.PrimaryOutput;
import org.igcnet.cpu.plan.Area;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.plan.Strip;

/**
 * A {@link ConvPass} forward: reads the activation before it strip by strip, runs the primary
 * convolution and, in an IGC block, the secondary on rows in cache, and writes the raw output once,
 * with batch normalisation's sums on the way.
 */
final class ConvForward {
  private final Link link;
  private final Strip strip;
  private final GroupKernel primary;
  private final Optional<GroupKernel> secondary;
  private final ConvInput input;
  private final PrimaryOutput y;
  private final Output output;

  ConvForward(ConvPlan plan, ConvKernels kernels, ConvInput input, PrimaryOutput y, Output output) {
    this.link = plan.link();
    this.strip = plan.strip();
    this.primary = kernels.primary();
    this.secondary = kernels.secondary();
    this.input = input;
    this.y = y;
    this.output = output;
  }

  /** Computes the task on a desk. */
  void run(Desk desk) {
    output.clear(desk.task());
    input.clearPadding(desk);
    int height = link.output().height();
    int to = desk.rowTo(height);
    for (int row = desk.rowFrom(height); row < to; row += strip.rows()) {
      strip(desk, row, Math.min(strip.rows(), to - row));
    }
  }

  private void strip(Desk desk, int row, int rows) {
    if (secondary.isPresent()) {
      both(secondary.get(), desk, row, rows);
    } else {
      only(desk, row, rows);
    }
    Area z = strip.z();
    int length = link.output().width() * Lanes.COUNT;
    for (int channel = 0; channel < link.output().channels(); channel++) {
      Rows raw = desk.own(z.index(channel), z.rowStep(), rows, length);
      output.store(desk, link.writes().at(channel), row, raw);
    }
  }

  /** Primary and secondary, y between them. */
  private void both(GroupKernel kernel, Desk desk, int row, int rows) {
    float[] memory = y.memory(desk);
    int at = y.at(desk, row);
    for (int group = 0; group < link.primary().groups(); group++) {
      input.fill(desk, group, row, rows);
      input.primary(desk, group, memory, at, rows);
    }
    y.keep(desk, row);
    int width = link.output().width();
    for (int m = 0; m < link.primary().groupOutputs(); m++) {
      int from = at + m * strip.y().channelStep();
      kernel.run(m, memory, from, desk.scratch(), strip.z().index(m), rows, width);
    }
  }

  /** A single convolution. */
  private void only(Desk desk, int row, int rows) {
    GroupConvolution convolution = link.primary();
    float[] scratch = desk.scratch();
    for (int group = 0; group < convolution.groups(); group++) {
      input.fill(desk, group, row, rows);
      int to = strip.z().index(group * convolution.groupOutputs());
      primary.run(group, scratch, strip.in().at(), scratch, to, rows, link.output().width());
    }
  }
}
