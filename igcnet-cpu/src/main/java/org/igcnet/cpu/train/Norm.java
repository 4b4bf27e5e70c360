package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;

/**
 * Batch normalisation of one unit's raw output, with its own statistics for each group of images.
 *
 * <p>It never passes over memory by itself: whoever writes the raw output or its gradient gathers
 * the sums ({@link #store}, {@link #storeGradient}, {@link #collectGradient}), and whoever reads
 * applies the scale and shift, or the three coefficients of the backward pass.
 */
final class Norm implements Output {
  private static final int SUMS = 2 * Lanes.COUNT;

  private final Parameters parameters;
  private final int gamma;
  private final int beta;
  private final int runningMean;
  private final int runningVariance;
  private final Tensor raw;
  private final int channels;

  /**
   * Per task and channel: Σx and Σx² forward, Σg and Σg·x backward, each a vector. They live from a
   * pass's first task to its end, so that norms share them.
   */
  private final float[] sums;

  /** Per group and channel. */
  private final float[] scale;

  private final float[] shift;
  private final float[] mean;
  private final float[] inverseDeviation;
  private final float[] gradientScale;
  private final float[] rawScale;
  private final float[] offset;

  /** Two numbers of each group, of one channel at a time. */
  private final float[] ofGroups;

  private final float[] alsoOfGroups;

  Norm(BatchNorm norm, Parameters parameters, Tensor raw, int groups, float[] sums) {
    this.parameters = parameters;
    this.gamma = parameters.offset(norm.tensor(Role.GAMMA));
    this.beta = parameters.offset(norm.tensor(Role.BETA));
    this.runningMean = parameters.offset(norm.tensor(Role.RUNNING_MEAN));
    this.runningVariance = parameters.offset(norm.tensor(Role.RUNNING_VARIANCE));
    this.raw = raw;
    this.channels = raw.shape().channels();
    this.sums = sums;
    this.scale = new float[groups * channels];
    this.shift = new float[groups * channels];
    this.mean = new float[groups * channels];
    this.inverseDeviation = new float[groups * channels];
    this.gradientScale = new float[groups * channels];
    this.rawScale = new float[groups * channels];
    this.offset = new float[groups * channels];
    this.ofGroups = new float[groups];
    this.alsoOfGroups = new float[groups];
  }

  /** What is normalised. */
  @Override
  public Tensor raw() {
    return raw;
  }

  float scale(int group, int channel) {
    return scale[group * channels + channel];
  }

  float shift(int group, int channel) {
    return shift[group * channels + channel];
  }

  @Override
  public void clear(int task) {
    Arrays.fill(sums, task * channels * SUMS, (task + 1) * channels * SUMS, 0);
  }

  /** Adds the rows to the task's sums. */
  @Override
  public void store(Desk desk, int channel, int row, Rows from) {
    desk.stored(raw, channel, row, from.count())
        .storeMoments(from, sums, sumsAt(desk.task(), channel));
  }

  /** Adds rows of the gradient after normalisation to a task's sums. */
  void collectGradient(Desk desk, int channel, Tensor gradient, int row, int rows) {
    desk.stored(gradient, channel, row, rows)
        .products(desk.raw(raw, channel, row, rows), sums, sumsAt(desk.task(), channel));
  }

  /**
   * Writes rows of a gradient where the activation after this norm is positive, and zeros
   * elsewhere, and adds them to a task's sums; see the activation.
   */
  void storeGradient(
      Desk desk,
      int channel,
      Rows gradient,
      int activation,
      int activationStep,
      Tensor to,
      int row) {
    desk.stored(to, channel, row, gradient.count())
        .storeMaskedProducts(
            gradient,
            activation,
            activationStep,
            desk.raw(raw, channel, row, gradient.count()),
            sums,
            sumsAt(desk.task(), channel));
  }

  private int sumsAt(int task, int channel) {
    return (task * channels + channel) * SUMS;
  }

  /**
   * Sum {@code which} (0 or 1) of a channel over a group's tasks and lanes, in their order, by four
   * sums, as one would wait for each addition to end.
   */
  private double total(Frame frame, int group, int channel, int which) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    for (int task = 0; task < frame.tasks(); task++) {
      if (frame.layout().group(frame.block(task)) == group) {
        int at = sumsAt(task, channel) + which * Lanes.COUNT;
        for (int lane = at; lane < at + Lanes.COUNT; lane += 4) {
          a += sums[lane];
          b += sums[lane + 1];
          c += sums[lane + 2];
          d += sums[lane + 3];
        }
      }
    }
    return (a + b) + (c + d);
  }

  private double count(Frame frame, int group) {
    return (double) frame.layout().groupImages(group) * raw.shape().pixels();
  }

  @Override
  public void finishForward(Frame frame) {
    if (frame.mode() == Mode.TRAINING) {
      finishStatistics(frame);
    } else {
      useRunning();
    }
  }

  /**
   * From the sums to scale and shift. The sum of what the groups observe goes where the running
   * averages would have their gradients.
   */
  private void finishStatistics(Frame frame) {
    int groups = frame.layout().groups();
    for (int channel = 0; channel < channels; channel++) {
      for (int group = 0; group < groups; group++) {
        double n = count(frame, group);
        double average = total(frame, group, channel, 0) / n;
        double variance = Math.max(0, total(frame, group, channel, 1) / n - average * average);
        setStatistics(group * channels + channel, channel, average, variance);
        ofGroups[group] = (float) average;
        alsoOfGroups[group] = (float) (variance * (n > 1 ? n / (n - 1) : 1));
      }
      addGroups(frame, runningMean + channel, runningVariance + channel);
    }
  }

  /** Puts the sums over the groups into two gradients. */
  private void addGroups(Frame frame, int first, int second) {
    frame
        .layout()
        .addGroups(
            (from, to) -> {
              ofGroups[to] += ofGroups[from];
              alsoOfGroups[to] += alsoOfGroups[from];
            });
    parameters.gradients()[first] = ofGroups[0];
    parameters.gradients()[second] = alsoOfGroups[0];
  }

  /** Takes scale and shift from the running averages. */
  private void useRunning() {
    float[] values = parameters.values();
    for (int channel = 0; channel < channels; channel++) {
      setStatistics(
          channel, channel, values[runningMean + channel], values[runningVariance + channel]);
    }
  }

  private void setStatistics(int at, int channel, double average, double variance) {
    float[] values = parameters.values();
    double inverse = 1 / Math.sqrt(variance + ConvUnit.EPSILON);
    mean[at] = (float) average;
    inverseDeviation[at] = (float) inverse;
    scale[at] = (float) (values[gamma + channel] * inverse);
    shift[at] = (float) (values[beta + channel] - average * values[gamma + channel] * inverse);
  }

  /**
   * From the sums of the gradient g after normalisation to the gradients of γ and β, and to the raw
   * output's: with x̂ = (x − mean)/deviation, dx = γ/deviation · (g − Σg/n − x̂ · Σ(g·x̂)/n),
   * written as a·g + b·x + c.
   */
  void finishGradient(Frame frame) {
    int groups = frame.layout().groups();
    for (int channel = 0; channel < channels; channel++) {
      for (int group = 0; group < groups; group++) {
        int at = group * channels + channel;
        double n = count(frame, group);
        double sum = total(frame, group, channel, 0);
        double normalised =
            inverseDeviation[at] * (total(frame, group, channel, 1) - mean[at] * sum);
        double b = -scale[at] * inverseDeviation[at] * normalised / n;
        gradientScale[at] = scale[at];
        rawScale[at] = (float) b;
        offset[at] = (float) (-scale[at] * sum / n - b * mean[at]);
        ofGroups[group] = (float) normalised;
        alsoOfGroups[group] = (float) sum;
      }
      addGroups(frame, gamma + channel, beta + channel);
    }
  }

  /** See {@link #finishGradient}. */
  @Override
  public void rawGradient(Desk desk, int channel, Tensor gradient, int row, Rows to) {
    int at = desk.group() * channels + channel;
    desk.stored(gradient, channel, row, to.count())
        .normaliseGradientTo(
            to,
            desk.raw(raw, channel, row, to.count()),
            gradientScale[at],
            rawScale[at],
            offset[at],
            desk.living());
  }
}
