package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.memory.ConvKernels;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.plan.Area;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.plan.Strip;

/**
 * What a convolution reads, strip by strip, and what its primary makes of it: both ways need them.
 */
final class ConvInput {
  private final Link link;
  private final Strip strip;
  private final ConvKernels kernels;
  private final Activation source;

  ConvInput(ConvPlan plan, ConvKernels kernels, Activation source) {
    this.link = plan.link();
    this.strip = plan.strip();
    this.kernels = kernels;
    this.source = source;
  }

  /** The padding stays zero from then on: strips write only what lies between. */
  void clearPadding(Desk desk) {
    Arrays.fill(desk.scratch(), strip.in().at(), strip.y().at(), 0);
  }

  /**
   * The activation under one primary partition, with zeros where rows lie outside the image.
   *
   * @param row the strip's first output row
   * @param rows its output rows
   */
  void fill(Desk desk, int group, int row, int rows) {
    Area in = strip.in();
    int top = strip.topRow(row);
    int wanted = strip.inputRows(rows);
    int from = Math.max(0, top);
    int to = Math.min(link.input().height(), top + wanted);
    int inputs = link.primary().groupInputs();
    int left = link.primary().kernel().padColumns() * Lanes.COUNT;
    float[] scratch = desk.scratch();
    for (int i = 0; i < inputs; i++) {
      int channelAt = in.index(i);
      int begin = channelAt + (from - top) * in.rowStep();
      int end = channelAt + (to - top) * in.rowStep();
      Arrays.fill(scratch, channelAt, begin, 0);
      source.fill(
          desk,
          link.reads().at(group * inputs + i),
          from,
          desk.own(begin + left, in.rowStep(), to - from, source.rowLength()));
      Arrays.fill(scratch, end, channelAt + wanted * in.rowStep(), 0);
    }
  }

  /** y of one partition, from what {@link #fill} has written. */
  void primary(Desk desk, int group, float[] y, int at, int rows) {
    int to = at + group * link.primary().groupOutputs() * strip.y().channelStep();
    kernels
        .primary()
        .run(group, desk.scratch(), strip.in().at(), y, to, rows, link.output().width());
  }
}
