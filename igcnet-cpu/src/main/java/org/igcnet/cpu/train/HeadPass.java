package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.arch.Head;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.HeadPlan;

/**
 * Global average pool and final layer, for a whole block of images at a time.
 *
 * <p>Features and logits are kept as {@code [block][feature or class][V]}.
 */
final class HeadPass {
  private final HeadPlan plan;
  private final Activation source;
  private final Tensor sourceGradient;
  private final Parameters parameters;
  private final int bias;
  private final int features;
  private final int classes;
  private final LinearKernels linear;
  private final float[] pooled;
  private final float[] lanes;
  private final float[] logits;
  private final TaskSums sums;

  /** Per group and class. */
  private final float[] biasSums;

  /**
   * Allocates the features and logits.
   *
   * @param sourceGradient where the gradient of the last activation goes
   * @param taskSums room for the sums of all tasks
   */
  HeadPass(
      HeadPlan plan,
      Activation source,
      Tensor sourceGradient,
      Parameters parameters,
      BatchLayout largest,
      float[] taskSums) {
    Head head = plan.head();
    this.plan = plan;
    this.source = source;
    this.sourceGradient = sourceGradient;
    this.parameters = parameters;
    this.bias = parameters.offset(Head.BIAS);
    this.features = head.features();
    this.classes = head.classes();
    this.pooled = new float[largest.blocks() * features * Lanes.COUNT];
    this.lanes = new float[largest.blocks() * classes * Lanes.COUNT];
    this.logits = new float[largest.images() * classes];
    this.sums = new TaskSums(taskSums, plan.linear().weights());
    this.linear = new LinearKernels(plan.linear(), parameters, Head.WEIGHT, sums, 0);
    this.biasSums = new float[largest.groups() * classes];
  }

  void pack(Mode mode) {
    linear.pack(mode);
  }

  /** Features and logits of one block, lane by lane. */
  void forward(Desk desk) {
    int pooledAt = desk.block() * features * Lanes.COUNT;
    for (int channel = 0; channel < features; channel++) {
      fill(desk, channel);
      int to = pooledAt + channel * Lanes.COUNT;
      Rows.mean(desk.scratch(), Lanes.LEAD, plan.plane(), scale(), pooled, to);
    }
    linear.forward(pooled, pooledAt, lanes, desk.block() * classes * Lanes.COUNT);
  }

  private float scale() {
    return 1f / source.shape().pixels();
  }

  private Rows fill(Desk desk, int channel) {
    int rowLength = source.rowLength();
    Rows rows = desk.own(Lanes.LEAD, rowLength, source.shape().height(), rowLength);
    source.fill(desk, channel, 0, rows);
    return rows;
  }

  /** The logits of all images, {@code [image][class]}, bias added. */
  float[] logits(BatchLayout layout) {
    for (int block = 0; block < layout.blocks(); block++) {
      for (int lane = 0; lane < layout.living(block); lane++) {
        int to = (layout.firstImage(block) + lane) * classes;
        for (int k = 0; k < classes; k++) {
          logits[to + k] = lanes[lane(block, k, lane)] + parameters.values()[bias + k];
        }
      }
    }
    return logits;
  }

  /** Takes the logits' gradients in; sums the bias's. */
  void take(BatchLayout layout, float[] logitGradients) {
    Arrays.fill(lanes, 0);
    Arrays.fill(biasSums, 0);
    for (int block = 0; block < layout.blocks(); block++) {
      int sum = layout.group(block) * classes;
      for (int lane = 0; lane < layout.living(block); lane++) {
        int from = (layout.firstImage(block) + lane) * classes;
        for (int k = 0; k < classes; k++) {
          float value = logitGradients[from + k];
          lanes[lane(block, k, lane)] = value;
          biasSums[sum + k] += value;
        }
      }
    }
    layout.addGroups(this::addBiases);
    System.arraycopy(biasSums, 0, parameters.gradients(), bias, classes);
  }

  /** The place of a lane in the logits. */
  private int lane(int block, int k, int lane) {
    return (block * classes + k) * Lanes.COUNT + lane;
  }

  private void addBiases(int from, int to) {
    for (int k = 0; k < classes; k++) {
      biasSums[to * classes + k] += biasSums[from * classes + k];
    }
  }

  /** The gradients of one block. */
  void backward(Desk desk) {
    source.clearGradient(desk.task());
    sums.clear(desk.task());
    int from = desk.block() * classes * Lanes.COUNT;
    int pooledAt = desk.block() * features * Lanes.COUNT;
    linear.sumWeights(desk, lanes, from, pooled, pooledAt, plan.sumsAt());
    linear.backward(lanes, from, desk.scratch(), plan.featuresAt());
    int height = source.shape().height();
    for (int channel = 0; channel < features; channel++) {
      Rows activation = fill(desk, channel);
      int feature = plan.featuresAt() + channel * Lanes.COUNT;
      activation.maskMean(feature, scale());
      desk.stored(sourceGradient, channel, 0, height).store(activation);
      source.collectGradient(0, desk, channel, sourceGradient, 0, height);
    }
  }

  /** After all tasks of {@link #backward}. */
  void finishBackward(Frame frame) {
    sums.add(frame);
    linear.finish();
    source.finishGradient(frame);
  }
}
