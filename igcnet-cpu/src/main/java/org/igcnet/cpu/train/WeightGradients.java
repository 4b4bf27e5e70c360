package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.TapGradient;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.WeightSums;

/**
 * Sums up the gradients of a link's weights: a vector for each weight in the thread's memory, whose
 * lanes are then added into the task's sums. {@link WeightSums} says when: at the end of a task, or
 * for a slice of a partition at the end of each strip.
 */
final class WeightGradients {
  /**
   * One of a link's convolutions.
   *
   * @param first its first weight, among all of the link
   * @param channelStep floats between two output channels' gradients
   */
  record Part(GroupConvolution convolution, TapGradient kernel, int first, int channelStep) {
    private int weight(int group) {
      return first + group * (convolution.weights() / convolution.groups());
    }
  }

  private final WeightSums sums;
  private final int sumsAt;
  private final TaskSums totals;

  WeightGradients(ConvPlan plan, TaskSums totals) {
    this.sums = plan.sums();
    this.sumsAt = plan.sumsAt();
    this.totals = totals;
  }

  /** A task begins. */
  void begin(Desk desk) {
    totals.clear(desk.task());
    if (!sums.sliced()) {
      Arrays.fill(desk.scratch(), sumsAt, sumsAt + sums.floats(), 0);
    }
  }

  /**
   * Adds what a strip has for one partition's weights.
   *
   * @param gradient that of the partition's first output channel
   * @param from has the partition's input
   * @param inAt where that begins
   */
  void add(Desk desk, Part part, int group, Rows gradient, float[] from, int inAt) {
    int outputs = part.convolution.groupOutputs();
    int weight = part.weight(group);
    if (sums.sliced()) {
      for (int first = 0; first < outputs; first += sums.slice(part.convolution)) {
        slice(desk, part, first, gradient, from, inAt, weight);
      }
    } else {
      int to = sumsAt + weight * Lanes.COUNT;
      part.kernel.run(outputs, gradient, from, inAt, desk.scratch(), to);
    }
  }

  /** Output channels from {@code first} on; the gradient's rows move on to those after them. */
  private void slice(
      Desk desk, Part part, int first, Rows gradient, float[] from, int inAt, int weight) {
    int count = Math.min(sums.slice(part.convolution), part.convolution.groupOutputs() - first);
    int inputs = part.convolution.fanIn();
    float[] scratch = desk.scratch();
    Arrays.fill(scratch, sumsAt, sumsAt + count * inputs * Lanes.COUNT, 0);
    part.kernel.run(count, gradient, from, inAt, scratch, sumsAt);
    int to = totals.at(desk.task()) + weight + first * inputs;
    TapGradient.sumLanes(scratch, sumsAt, count * inputs, totals.values(), to);
    gradient.move(count * part.channelStep);
  }

  /** A task ends: its sums get what is not there yet. */
  void finish(Desk desk) {
    if (!sums.sliced()) {
      int to = totals.at(desk.task());
      TapGradient.sumLanes(
          desk.scratch(), sumsAt, sums.floats() / Lanes.COUNT, totals.values(), to);
    }
  }
}
