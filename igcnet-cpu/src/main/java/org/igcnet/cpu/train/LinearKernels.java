package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapGradient;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.GroupKernel;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.LinearPlan;
import org.igcnet.cpu.plan.WeightOrder;

/**
 * Computes a linear map of maps of one position, for a block of images at a time. Inputs and
 * outputs are {@code [channel][V]}.
 */
final class LinearKernels {
  private static final Steps ONE = new Steps(Lanes.COUNT, 0, 0);

  private final LinearPlan plan;
  private final Parameters parameters;
  private final int weight;
  private final GroupKernel forward;
  private final GroupKernel backward;
  private final TapGradient gradient;
  private final TaskSums sums;
  private final int first;

  /**
   * @param weight the name of its tensor
   * @param sums hold those of all tasks
   * @param first where its own stand among those of a task
   */
  LinearKernels(LinearPlan plan, Parameters parameters, String weight, TaskSums sums, int first) {
    int inputs = plan.inputs();
    int outputs = plan.outputs();
    this.plan = plan;
    this.parameters = parameters;
    this.weight = parameters.offset(weight);
    this.forward =
        new GroupKernel(
            new WeightOrder(1, plan.weights(), outputs, inputs),
            places(inputs),
            WeightOrder.inOrder(inputs, 1),
            ONE,
            ONE);
    this.backward =
        new GroupKernel(
            new WeightOrder(1, plan.weights(), inputs, 1),
            places(outputs),
            WeightOrder.inOrder(outputs, inputs),
            ONE,
            ONE);
    this.gradient = new TapGradient(places(inputs), ONE, ONE);
    this.sums = sums;
    this.first = first;
  }

  private static int[] places(int count) {
    return WeightOrder.inOrder(count, Lanes.COUNT);
  }

  /** Lays the weights out; those of backward only in training. */
  void pack(Mode mode) {
    forward.pack(parameters.values(), weight);
    if (mode == Mode.TRAINING) {
      backward.pack(parameters.values(), weight);
    }
  }

  /** Computes the outputs, which begin at {@code to}, of inputs that begin at {@code from}. */
  void forward(float[] inputs, int from, float[] outputs, int to) {
    forward.run(0, inputs, from, outputs, to, 1, 1);
  }

  /** Computes the inputs' gradients, from {@code to} on, of the outputs' from {@code from} on. */
  void backward(float[] outputGradients, int from, float[] inputGradients, int to) {
    backward.run(0, outputGradients, from, inputGradients, to, 1, 1);
  }

  /**
   * Sums up the weights' gradients of a task.
   *
   * @param outputGradients begin at {@code from}
   * @param inputs begin at {@code at}
   * @param sumsAt where a thread's memory has room for a slice's sums
   */
  void sumWeights(
      Desk desk, float[] outputGradients, int from, float[] inputs, int at, int sumsAt) {
    float[] scratch = desk.scratch();
    for (int output = 0; output < plan.outputs(); output += plan.slice()) {
      int slice = Math.min(plan.slice(), plan.outputs() - output);
      int count = slice * plan.inputs();
      Arrays.fill(scratch, sumsAt, sumsAt + count * Lanes.COUNT, 0);
      Rows gradients =
          desk.elsewhere(outputGradients, from + output * Lanes.COUNT, 0, 1, Lanes.COUNT);
      gradient.run(slice, gradients, inputs, at, scratch, sumsAt);
      int to = sums.at(desk.task()) + first + output * plan.inputs();
      TapGradient.sumLanes(scratch, sumsAt, count, sums.values(), to);
    }
  }

  /** Once all tasks' sums are added up. */
  void finish() {
    System.arraycopy(sums.values(), first, parameters.gradients(), weight, plan.weights());
  }
}
