package org.igcnet.cpu.train;

import java.util.Arrays;
import java.util.Optional;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.ConvKernels;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.GroupKernel;
import org.igcnet.cpu.memory.PrimaryOutput;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.Area;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.plan.Strip;
import org.igcnet.cpu.train.WeightGradients.Part;

/**
 * A {@link ConvPass} backward: reads the output's gradient and raw output, computes the primary's
 * output y again (or reads it, where that is faster), accumulates the weights' gradients, and
 * writes the gradient of the activation before it with its sums.
 */
final class ConvBackward {
  /**
   * What is read and written beside the maps themselves.
   *
   * @param output the gradient of what the pass writes
   * @param input where that of what it reads goes, if somebody asks for it
   * @param weights where those of the weights are summed up
   */
  record Gradients(Tensor output, Optional<InputGradient> input, TaskSums weights) {}

  private final Link link;
  private final Strip strip;
  private final ConvInput input;
  private final PrimaryOutput y;
  private final Output output;
  private final Tensor outputGradient;
  private final Optional<InputGradient> inputGradient;
  private final Optional<GroupKernel> secondaryBackward;
  private final WeightGradients weights;
  private final Part primary;
  private final Optional<Part> secondary;

  ConvBackward(
      ConvPlan plan,
      ConvKernels kernels,
      ConvInput input,
      PrimaryOutput y,
      Output output,
      Gradients gradients) {
    this.link = plan.link();
    this.strip = plan.strip();
    this.input = input;
    this.y = y;
    this.output = output;
    this.outputGradient = gradients.output();
    this.inputGradient = gradients.input();
    this.secondaryBackward = kernels.secondaryBackward();
    this.weights = new WeightGradients(plan, gradients.weights());
    this.primary = new Part(link.primary(), kernels.primaryGradient(), 0, strip.dy().channelStep());
    this.secondary =
        link.secondary()
            .map(
                convolution ->
                    new Part(
                        convolution,
                        kernels.secondaryGradient().orElseThrow(),
                        link.primary().weights(),
                        convolution.groups() * strip.dz().channelStep()));
  }

  /** Computes the task on a desk. */
  void run(Desk desk) {
    if (inputGradient.isPresent()) {
      inputGradient.get().begin(desk);
    }
    int height = link.output().height();
    int from = desk.rowFrom(height);
    int to = desk.rowTo(height);
    if (desk.continues()) {
      carryRows(desk, strip.lastRows(desk.rowsBefore(height)));
    } else {
      beginRows(desk, from);
    }
    weights.begin(desk);
    for (int row = from; row < to; row += strip.rows()) {
      if (row > from) {
        carryRows(desk, strip.rows());
      }
      strip(desk, row, Math.min(strip.rows(), to - row));
    }
    weights.finish(desk);
  }

  /** Computes the rows of dy before a task that its input rows need too. */
  private void beginRows(Desk desk, int from) {
    input.clearPadding(desk);
    Arrays.fill(desk.scratch(), strip.dy().at(), strip.dx().at(), 0);
    int carried = Math.min(strip.before(), from);
    if (carried > 0) {
      outputGradient(desk, from - carried, carried, strip.before() - carried);
    }
  }

  /**
   * The last rows of dy, which the next strip's input rows need too, move to the top.
   *
   * @param rows of the strip before
   */
  private void carryRows(Desk desk, int rows) {
    Area dy = strip.dy();
    int length = strip.before() * dy.rowStep();
    for (int channel = 0; channel < link.primary().outputChannels(); channel++) {
      int to = dy.index(channel);
      System.arraycopy(desk.scratch(), to + rows * dy.rowStep(), desk.scratch(), to, length);
    }
  }

  private void strip(Desk desk, int row, int rows) {
    outputGradient(desk, row, rows, strip.before());
    clearBelow(desk, rows);
    y.fetch(desk, row);
    float[] memory = y.memory(desk);
    int at = y.at(desk, row);
    for (int group = 0; group < link.primary().groups(); group++) {
      input.fill(desk, group, row, rows);
      if (secondary.isPresent() && !y.kept()) {
        input.primary(desk, group, memory, at, rows);
      }
      primaryWeights(desk, group, rows);
      if (inputGradient.isPresent()) {
        inputGradient.get().write(desk, group, row, rows);
      }
    }
    if (secondary.isPresent()) {
      secondaryWeights(desk, secondary.get(), memory, at, rows);
    }
  }

  /** dz, and from it dy, for output rows from {@code row} on, into dy from row {@code slot} on. */
  private void outputGradient(Desk desk, int row, int rows, int slot) {
    Area dy = strip.dy();
    int dyAt = dy.index(0, slot, strip.left());
    if (secondaryBackward.isEmpty()) {
      rawGradient(desk, row, rows, dyAt, dy);
      return;
    }
    Area dz = strip.dz();
    rawGradient(desk, row, rows, dz.at(), dz);
    GroupKernel kernel = secondaryBackward.get();
    float[] scratch = desk.scratch();
    for (int m = 0; m < link.primary().groupOutputs(); m++) {
      int to = dyAt + m * dy.channelStep();
      kernel.run(m, scratch, dz.index(m), scratch, to, rows, link.output().width());
    }
  }

  /** The gradient of what the convolutions have written, which {@link Output} knows. */
  private void rawGradient(Desk desk, int row, int rows, int at, Area area) {
    int length = link.output().width() * Lanes.COUNT;
    for (int channel = 0; channel < link.output().channels(); channel++) {
      Rows to = desk.own(at + channel * area.channelStep(), area.rowStep(), rows, length);
      output.rawGradient(desk, link.writes().at(channel), outputGradient, row, to);
    }
  }

  /** Rows after a strip that is shorter than those before, and after the image's end, are zero. */
  private void clearBelow(Desk desk, int rows) {
    Area dy = strip.dy();
    int from = strip.before() + rows;
    int to = from + strip.after(rows);
    for (int channel = 0; channel < link.primary().outputChannels(); channel++) {
      Arrays.fill(desk.scratch(), dy.index(channel, from, 0), dy.index(channel, to, 0), 0);
    }
  }

  private void primaryWeights(Desk desk, int group, int rows) {
    Area dy = strip.dy();
    int at = dy.index(group * link.primary().groupOutputs(), strip.before(), strip.left());
    Rows gradient = desk.own(at, dy.rowStep(), rows, link.output().width() * Lanes.COUNT);
    weights.add(desk, primary, group, gradient, desk.scratch(), strip.in().at());
  }

  /** A strip's rows follow each other here, so that they are one. */
  private void secondaryWeights(Desk desk, Part part, float[] memory, int at, int rows) {
    Area dz = strip.dz();
    int length = rows * link.output().width() * Lanes.COUNT;
    for (int m = 0; m < part.convolution().groups(); m++) {
      Rows gradient = desk.own(dz.index(m), dz.rowStep(), 1, length);
      weights.add(desk, part, m, gradient, memory, at + m * strip.y().channelStep());
    }
  }
}
