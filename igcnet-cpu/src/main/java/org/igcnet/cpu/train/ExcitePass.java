package org.igcnet.cpu.train;

import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.ExcitePlan;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.loss.Sigmoid;

/**
 * Squeeze and excitation, y = a · s with s = σ(V ReLU(W mean(a))), of a whole block of images at a
 * time. The activation a is computed while it is read, y is stored.
 *
 * <p>Backward, with g the gradient of y: that of s is Σ g·a, it goes through both linear maps to
 * that of the mean, d, and the gradient of a is g · s + d / positions.
 */
final class ExcitePass implements Pass {
  private final ExcitePlan plan;
  private final Activation source;
  private final Tensor values;
  private final Backward backward;
  private final LinearKernels squeeze;
  private final LinearKernels excite;
  private final TaskSums sums;

  /** Each {@code [block][channel][V]}. */
  private final float[] means;

  private final float[] squeezed;
  private final float[] factors;

  /**
   * Where backward reads and writes.
   *
   * @param output the gradient of what forward writes
   * @param input where that of the activation goes
   * @param weights the sums of both linear maps' weights
   */
  record Backward(Tensor output, Tensor input, TaskSums weights) {}

  /** Allocates means and factors; {@code values} get the result. */
  ExcitePass(
      ExcitePlan plan,
      Activation source,
      Tensor values,
      Backward backward,
      Parameters parameters,
      BatchLayout largest) {
    this.plan = plan;
    this.source = source;
    this.values = values;
    this.backward = backward;
    this.sums = backward.weights();
    this.squeeze =
        new LinearKernels(plan.squeeze(), parameters, plan.excite().squeeze().weight(), sums, 0);
    this.excite =
        new LinearKernels(
            plan.excitation(),
            parameters,
            plan.excite().excite().weight(),
            sums,
            plan.squeeze().weights());
    this.means = new float[largest.blocks() * channels()];
    this.squeezed = new float[largest.blocks() * squeezed()];
    this.factors = new float[largest.blocks() * channels()];
  }

  /** Floats of a block's means, and of its factors. */
  private int channels() {
    return plan.channels() * Lanes.COUNT;
  }

  private int squeezed() {
    return plan.squeezed() * Lanes.COUNT;
  }

  private float scale() {
    return 1f / source.shape().pixels();
  }

  @Override
  public String name() {
    return plan.excite().squeeze().unit();
  }

  /** One: a factor needs all of its image. */
  @Override
  public int parts() {
    return 1;
  }

  @Override
  public void pack(Mode mode) {
    squeeze.pack(mode);
    excite.pack(mode);
  }

  @Override
  public void forward(Desk desk) {
    int mean = desk.block() * channels();
    int middle = desk.block() * squeezed();
    for (int channel = 0; channel < plan.channels(); channel++) {
      fill(desk, channel);
      int to = mean + channel * Lanes.COUNT;
      Rows.mean(desk.scratch(), Lanes.LEAD, plan.plane(), scale(), means, to);
    }
    squeeze.forward(means, mean, squeezed, middle);
    rectify(middle);
    excite.forward(squeezed, middle, factors, mean);
    Sigmoid.apply(factors, mean, channels());
    for (int channel = 0; channel < plan.channels(); channel++) {
      Rows activation = fill(desk, channel);
      activation.scale(factors, mean + channel * Lanes.COUNT);
      desk.stored(values, channel, 0, activation.count()).store(activation);
    }
  }

  private void rectify(int from) {
    for (int i = from; i < from + squeezed(); i++) {
      squeezed[i] = Math.max(0, squeezed[i]);
    }
  }

  /** One channel of the activation, at the beginning of the thread's memory. */
  private Rows fill(Desk desk, int channel) {
    Rows rows = own(desk, Lanes.LEAD);
    source.fill(desk, channel, 0, rows);
    return rows;
  }

  /** One channel of the gradient of what forward writes. */
  private Rows gradient(Desk desk, int channel) {
    Rows rows = own(desk, plan.gradientAt());
    desk.stored(backward.output(), channel, 0, rows.count()).copyTo(rows);
    return rows;
  }

  private Rows own(Desk desk, int at) {
    return desk.own(at, source.rowLength(), source.shape().height(), source.rowLength());
  }

  @Override
  public void finishForward(Frame frame) {}

  @Override
  public void backward(Desk desk) {
    source.clearGradient(desk.task());
    sums.clear(desk.task());
    factorGradients(desk);
    meanGradients(desk);
    for (int channel = 0; channel < plan.channels(); channel++) {
      inputGradient(desk, channel);
    }
  }

  private void factorGradients(Desk desk) {
    for (int channel = 0; channel < plan.channels(); channel++) {
      fill(desk, channel);
      gradient(desk, channel);
      int to = plan.factorsAt() + channel * Lanes.COUNT;
      Rows.dot(desk.scratch(), Lanes.LEAD, plan.gradientAt(), plan.plane(), desk.scratch(), to);
    }
  }

  /** From the gradients of the factors to those of the means, divided by the positions. */
  private void meanGradients(Desk desk) {
    float[] scratch = desk.scratch();
    int mean = desk.block() * channels();
    int middle = desk.block() * squeezed();
    Sigmoid.differentiate(scratch, plan.factorsAt(), factors, mean, channels());
    excite.sumWeights(desk, scratch, plan.factorsAt(), squeezed, middle, plan.sumsAt());
    excite.backward(scratch, plan.factorsAt(), scratch, plan.squeezedAt());
    for (int i = 0; i < squeezed(); i++) {
      scratch[plan.squeezedAt() + i] *= squeezed[middle + i] > 0 ? 1 : 0;
    }
    squeeze.sumWeights(desk, scratch, plan.squeezedAt(), means, mean, plan.sumsAt());
    squeeze.backward(scratch, plan.squeezedAt(), scratch, plan.meansAt());
    for (int i = 0; i < channels(); i++) {
      scratch[plan.meansAt() + i] *= scale();
    }
  }

  private void inputGradient(Desk desk, int channel) {
    int lanes = channel * Lanes.COUNT;
    fill(desk, channel);
    Rows gradient = gradient(desk, channel);
    gradient.scaleAdd(
        factors, desk.block() * channels() + lanes, desk.scratch(), plan.meansAt() + lanes);
    source.storeGradient(
        desk, channel, gradient, Lanes.LEAD, source.rowLength(), backward.input(), 0);
  }

  @Override
  public void finishBackward(Frame frame) {
    sums.add(frame);
    squeeze.finish();
    excite.finish();
    source.finishGradient(frame);
  }
}
