package org.igcnet.cpu.train;

import java.util.Optional;
import org.igcnet.cpu.memory.ConvKernels;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.PrimaryOutput;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.train.ConvBackward.Gradients;
import org.igcnet.cpu.train.InputGradient.Target;

/**
 * One link of a unit's linear map, most often all of it, forward and backward, each in one pass
 * over memory.
 *
 * <p>The channels' permutations P and Pᵀ are steps: secondary partition m is every M-th channel
 * from m.
 */
final class ConvPass implements Pass {
  /**
   * Where backward reads and writes.
   *
   * @param gradient that of the activation after this link
   * @param target where the gradient of the activation before goes, empty where nobody asks for it
   * @param taskSums room for the sums of all tasks, shared with other units
   */
  @SuppressWarnings("ArrayRecordComponent") // memory that is shared, never compared
  record Backward(Tensor gradient, Optional<Target> target, float[] taskSums) {}

  private final ConvPlan plan;
  private final Output output;
  private final ConvKernels kernels;
  private final ConvForward forward;
  private final ConvBackward backward;
  private final Gradients gradients;

  /**
   * @param blocks of a batch, at most
   */
  ConvPass(
      ConvPlan plan,
      Activation source,
      Output output,
      Backward backward,
      Parameters parameters,
      int blocks) {
    Link link = plan.link();
    this.plan = plan;
    this.output = output;
    this.kernels = new ConvKernels(plan, parameters, backward.target().isPresent());
    this.gradients =
        new Gradients(
            backward.gradient(),
            backward
                .target()
                .map(to -> new InputGradient(plan, kernels.primaryBackward(), source, to)),
            new TaskSums(backward.taskSums(), link.weights()));
    ConvInput input = new ConvInput(plan, kernels, source);
    PrimaryOutput y = new PrimaryOutput(plan, output.raw().precision(), blocks);
    this.forward = new ConvForward(plan, kernels, input, y, output);
    this.backward = new ConvBackward(plan, kernels, input, y, output, gradients);
  }

  @Override
  public String name() {
    return plan.link().unit();
  }

  @Override
  public int parts() {
    return plan.parts();
  }

  @Override
  public void pack(Mode mode) {
    kernels.pack(mode);
  }

  @Override
  public void forward(Desk desk) {
    forward.run(desk);
  }

  @Override
  public void finishForward(Frame frame) {
    output.finishForward(frame);
  }

  @Override
  public void backward(Desk desk) {
    backward.run(desk);
  }

  @Override
  public void finishBackward(Frame frame) {
    gradients.weights().add(frame);
    kernels.storeGradients(gradients.weights(), plan.link());
    gradients.input().ifPresent(input -> input.finish(frame));
  }
}
