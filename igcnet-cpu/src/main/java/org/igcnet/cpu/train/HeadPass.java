package org.igcnet.cpu.train;

import java.util.Arrays;
import org.igcnet.arch.Head;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapGradient;
import org.igcnet.cpu.memory.Desk;
import org.igcnet.cpu.memory.GroupKernel;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.Frame;
import org.igcnet.cpu.plan.Frame.Mode;
import org.igcnet.cpu.plan.HeadPlan;
import org.igcnet.cpu.plan.WeightOrder;

/**
 * Global average pool and final layer, for a whole block of images at a time.
 *
 * <p>Features and logits are kept as {@code [block][feature or class][V]}.
 */
final class HeadPass {
  private static final Steps ONE = new Steps(Lanes.COUNT, 0, 0);

  private final HeadPlan plan;
  private final Activation source;
  private final Tensor sourceGradient;
  private final Parameters parameters;
  private final int weight;
  private final int bias;
  private final int features;
  private final int classes;
  private final GroupKernel forward;
  private final GroupKernel backward;
  private final TapGradient gradient;
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
    this.weight = parameters.offset(Head.WEIGHT);
    this.bias = parameters.offset(Head.BIAS);
    this.features = head.features();
    this.classes = head.classes();
    int all = plan.weights();
    this.forward =
        new GroupKernel(
            new WeightOrder(1, all, classes, features),
            places(features),
            WeightOrder.inOrder(features, 1),
            ONE,
            ONE);
    this.backward =
        new GroupKernel(
            new WeightOrder(1, all, features, 1),
            places(classes),
            WeightOrder.inOrder(classes, features),
            ONE,
            ONE);
    this.gradient = new TapGradient(places(features), ONE, ONE);
    this.pooled = new float[largest.blocks() * features * Lanes.COUNT];
    this.lanes = new float[largest.blocks() * classes * Lanes.COUNT];
    this.logits = new float[largest.images() * classes];
    this.sums = new TaskSums(taskSums, all);
    this.biasSums = new float[largest.groups() * classes];
  }

  private static int[] places(int count) {
    return WeightOrder.inOrder(count, Lanes.COUNT);
  }

  void pack(Mode mode) {
    forward.pack(parameters.values(), weight);
    if (mode == Mode.TRAINING) {
      backward.pack(parameters.values(), weight);
    }
  }

  /** Features and logits of one block, lane by lane. */
  void forward(Desk desk) {
    int pooledAt = desk.block() * features * Lanes.COUNT;
    for (int channel = 0; channel < features; channel++) {
      fill(desk, channel);
      int to = pooledAt + channel * Lanes.COUNT;
      Rows.mean(desk.scratch(), Lanes.LEAD, plan.plane(), scale(), pooled, to);
    }
    forward.run(0, pooled, pooledAt, lanes, desk.block() * classes * Lanes.COUNT, 1, 1);
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
    weightGradients(desk);
    int from = desk.block() * classes * Lanes.COUNT;
    backward.run(0, lanes, from, desk.scratch(), plan.featuresAt(), 1, 1);
    int height = source.shape().height();
    for (int channel = 0; channel < features; channel++) {
      Rows activation = fill(desk, channel);
      int feature = plan.featuresAt() + channel * Lanes.COUNT;
      desk.stored(sourceGradient, channel, 0, height).maskMean(activation, feature, scale());
      source.collectGradient(0, desk, channel, sourceGradient, 0, height);
    }
  }

  private void weightGradients(Desk desk) {
    sums.clear(desk.task());
    float[] scratch = desk.scratch();
    int at = plan.sumsAt();
    int from = desk.block() * classes * Lanes.COUNT;
    int pooledAt = desk.block() * features * Lanes.COUNT;
    for (int first = 0; first < classes; first += plan.slice()) {
      int slice = Math.min(plan.slice(), classes - first);
      int count = slice * features;
      Arrays.fill(scratch, at, at + count * Lanes.COUNT, 0);
      Rows logit = desk.stored(lanes, from + first * Lanes.COUNT);
      gradient.run(slice, logit, pooled, pooledAt, scratch, at);
      int to = sums.at(desk.task()) + first * features;
      TapGradient.sumLanes(scratch, at, count, sums.values(), to);
    }
  }

  /** After all tasks of {@link #backward}. */
  void finishBackward(Frame frame) {
    sums.add(frame);
    System.arraycopy(sums.values(), 0, parameters.gradients(), weight, plan.weights());
    source.finishGradient(frame);
  }
}
