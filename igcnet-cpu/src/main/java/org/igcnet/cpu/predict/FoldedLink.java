package org.igcnet.cpu.predict;

import java.util.Arrays;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.cpu.kernel.TapCost;
import org.igcnet.cpu.plan.ChannelOrder;

/** One convolution of a unit as inference runs it. */
final class FoldedLink {
  private final GroupConvolution convolution;
  private final float[] weights;
  private final ChannelOrder source;
  private final boolean rectified;

  /**
   * @param convolution its shape
   * @param weights OIHW
   * @param source where its input channels stand among the output channels before it
   */
  FoldedLink(GroupConvolution convolution, float[] weights, ChannelOrder source) {
    this(convolution, weights, source, false);
  }

  private FoldedLink(
      GroupConvolution convolution, float[] weights, ChannelOrder source, boolean rectified) {
    this.convolution = convolution;
    this.weights = weights;
    this.source = source;
    this.rectified = rectified;
  }

  /** With a ReLU after it (footnote 4). */
  FoldedLink rectify() {
    return new FoldedLink(convolution, weights, source, true);
  }

  /**
   * Equation 21: branches over the same input are one convolution with the sum of their kernels.
   *
   * @param branches how many this ungrouped convolution computes, one after the other
   */
  FoldedLink sum(int branches) {
    if (branches == 1) {
      return this;
    }
    GroupConvolution branch = convolution.branch(branches);
    float[] sum = new float[branch.weights()];
    for (int i = 0; i < weights.length; i++) {
      sum[i % sum.length] += weights[i];
    }
    return new FoldedLink(branch, sum, source);
  }

  /** Whether a ReLU follows. */
  boolean rectified() {
    return rectified;
  }

  GroupConvolution convolution() {
    return convolution;
  }

  /** OIHW, not a copy. */
  float[] weights() {
    return weights;
  }

  /** The output channel before it that one of its input channels reads. */
  int source(int input) {
    return source.at(input);
  }

  /** Time for one position of all output channels, in multiply-adds of the fastest kernel. */
  double cost() {
    return cost(convolution);
  }

  private static double cost(GroupConvolution convolution) {
    return convolution.groups() * TapCost.of(convolution.groupOutputs(), convolution.fanIn());
  }

  /** Whether it is faster to compute this and the next link as the one that {@link #then} makes. */
  boolean fasterWith(FoldedLink second) {
    return !rectified
        && second.convolution.pointwise()
        && cost(dense(second)) < cost() + second.cost();
  }

  /** The composite's shape. */
  private GroupConvolution dense(FoldedLink second) {
    return new GroupConvolution(
        convolution.inputChannels(),
        second.convolution.outputChannels(),
        1,
        convolution.kernel(),
        convolution.stride());
  }

  /**
   * Both convolutions as a single one (equation 6): an output's weight for an input is the sum over
   * all paths between them.
   *
   * @param second a pointwise one
   */
  FoldedLink then(FoldedLink second) {
    GroupConvolution a = convolution;
    GroupConvolution b = second.convolution;
    GroupConvolution dense = dense(second);
    int area = a.kernel().area();
    double[] row = new double[dense.fanIn()];
    float[] composite = new float[dense.weights()];
    for (int output = 0; output < b.outputChannels(); output++) {
      Arrays.fill(row, 0);
      int firstInput = output / b.groupOutputs() * b.groupInputs();
      for (int k = 0; k < b.groupInputs(); k++) {
        int middle = second.source.at(firstInput + k);
        double join = second.weights[output * b.fanIn() + k];
        int group = middle / a.groupOutputs();
        for (int i = 0; i < a.fanIn(); i++) {
          row[group * a.groupInputs() * area + i] += join * weights[middle * a.fanIn() + i];
        }
      }
      for (int i = 0; i < row.length; i++) {
        composite[output * row.length + i] = (float) row[i];
      }
    }
    return new FoldedLink(dense, composite, source, second.rectified);
  }
}
