package org.igcnet.cpu;

import java.util.Arrays;
import org.igcnet.arch.Head;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapGradient;

/**
 * Global average pool and final layer, for a whole block of images at a time.
 *
 * <p>Features and logits are kept as {@code [block][feature or class][V]}.
 */
final class HeadPass {
  private static final Steps ONE = new Steps(Lanes.COUNT, 0, 0);

  /** Classes whose weights' gradients are summed up at a time. */
  private static final int SLICE = 16;

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
  private final float[] partials;
  private final int partialStep;

  /** Per group and class. */
  private final float[] biasSums;

  /**
   * Allocates the features and logits.
   *
   * @param sourceGradient where the gradient of the last activation goes
   * @param partials room for the sums of all tasks
   */
  HeadPass(
      Head head,
      Activation source,
      Tensor sourceGradient,
      Parameters parameters,
      BatchLayout largest,
      float[] partials) {
    this.source = source;
    this.sourceGradient = sourceGradient;
    this.parameters = parameters;
    this.weight = parameters.offset(Head.WEIGHT);
    this.bias = parameters.offset(Head.BIAS);
    this.features = head.features();
    this.classes = head.classes();
    int all = features * classes;
    this.forward =
        new GroupKernel(
            1, all, places(features), ConvPass.inOrder(features, 1), classes, features, ONE, ONE);
    this.backward =
        new GroupKernel(
            1, all, places(classes), ConvPass.inOrder(classes, features), features, 1, ONE, ONE);
    this.gradient = new TapGradient(places(features), ONE, ONE);
    this.pooled = new float[largest.blocks() * features * Lanes.COUNT];
    this.lanes = new float[largest.blocks() * classes * Lanes.COUNT];
    this.logits = new float[largest.images() * classes];
    this.partials = partials;
    this.partialStep = partialStep(head);
    this.biasSums = new float[largest.groups() * classes];
  }

  private static int[] places(int count) {
    return ConvPass.inOrder(count, Lanes.COUNT);
  }

  private static int partialStep(Head head) {
    return Math.ceilDiv(head.features() * head.classes(), Lanes.COUNT) * Lanes.COUNT;
  }

  /** Floats of memory that the sums of all tasks need. */
  static long partials(Head head, int blocks) {
    return (long) blocks * partialStep(head);
  }

  /** Floats of memory that a thread needs. */
  static long scratch(Head head) {
    int slice = Math.min(SLICE, head.classes());
    int vectors = head.input().pixels() + head.features() * (1 + slice);
    return Tensor.LEAD + (long) vectors * Lanes.COUNT;
  }

  void pack(Network.Mode mode) {
    forward.pack(parameters.values(), weight);
    if (mode == Network.Mode.TRAINING) {
      backward.pack(parameters.values(), weight);
    }
  }

  /** Features and logits of one block, lane by lane. */
  void forward(Frame frame, int task, float[] scratch) {
    int block = frame.block(task);
    int pooledAt = block * features * Lanes.COUNT;
    int plane = source.shape().pixels() * Lanes.COUNT;
    for (int channel = 0; channel < features; channel++) {
      fill(frame, task, channel, scratch);
      int to = pooledAt + channel * Lanes.COUNT;
      Rows.mean(scratch, Tensor.LEAD, plane, 1f / source.shape().pixels(), pooled, to);
    }
    forward.run(0, pooled, pooledAt, lanes, block * classes * Lanes.COUNT, 1, 1);
  }

  private void fill(Frame frame, int task, int channel, float[] scratch) {
    int height = source.shape().height();
    source.fill(frame, task, channel, 0, height, scratch, Tensor.LEAD, source.rowLength());
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
  void backward(Frame frame, int task, float[] scratch) {
    source.clearGradient(task);
    Arrays.fill(partials, task * partialStep, task * partialStep + features * classes, 0);
    int block = frame.block(task);
    int lanesAt = block * classes * Lanes.COUNT;
    int plane = source.shape().pixels() * Lanes.COUNT;
    int featuresAt = Tensor.LEAD + plane;
    int sumsAt = featuresAt + features * Lanes.COUNT;
    int pooledAt = block * features * Lanes.COUNT;
    for (int first = 0; first < classes; first += SLICE) {
      int slice = Math.min(SLICE, classes - first);
      int count = slice * features;
      int from = lanesAt + first * Lanes.COUNT;
      Arrays.fill(scratch, sumsAt, sumsAt + count * Lanes.COUNT, 0);
      gradient.run(slice, lanes, from, pooled, pooledAt, scratch, sumsAt, 1, 1);
      TapGradient.sumLanes(scratch, sumsAt, count, partials, task * partialStep + first * features);
    }
    backward.run(0, lanes, lanesAt, scratch, featuresAt, 1, 1);
    for (int channel = 0; channel < features; channel++) {
      fill(frame, task, channel, scratch);
      Rows.maskMean(
          scratch,
          featuresAt + channel * Lanes.COUNT,
          1f / source.shape().pixels(),
          scratch,
          Tensor.LEAD,
          sourceGradient.data(),
          source.at(sourceGradient, frame, task, channel, 0),
          sourceGradient.rowStep(),
          source.shape().height(),
          source.rowLength());
      source.collectGradient(0, frame, task, channel, sourceGradient, 0, source.shape().height());
    }
  }

  /** After all tasks of {@link #backward}. */
  void finishBackward(Frame frame) {
    int count = features * classes;
    frame.sum(partials, partialStep, count);
    System.arraycopy(partials, 0, parameters.gradients(), weight, count);
    source.finishGradient(frame);
  }
}
