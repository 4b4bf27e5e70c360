package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.TapCost;
import org.igcnet.cpu.plan.Fused.Factor;
import org.igcnet.cpu.plan.Fused.Unit;

/**
 * One convolution of a unit as inference runs it: a factor, or several that are faster as their
 * composite kernel. It holds shapes only; {@link #fold} makes its weights.
 *
 * @param factors those that it computes, in order
 * @param convolution the shape of what it computes
 * @param rectified whether a ReLU follows within the unit (footnote 4)
 */
record FoldedLink(List<Factor> factors, GroupConvolution convolution, boolean rectified) {
  FoldedLink {
    factors = List.copyOf(factors);
  }

  /** The fewest and fastest convolutions that compute a unit. */
  static List<FoldedLink> of(Unit unit) {
    List<FoldedLink> links = new ArrayList<>();
    List<Factor> factors = unit.factors();
    for (int i = 0; i < factors.size(); i++) {
      boolean rectified = i + 1 < factors.size() && factors.get(i + 1).rectified();
      Factor factor = factors.get(i);
      FoldedLink link = new FoldedLink(List.of(factor), factor.convolution(), rectified);
      if (!links.isEmpty() && links.getLast().fasterWith(link)) {
        links.add(links.removeLast().then(link));
      } else {
        links.add(link);
      }
    }
    return links;
  }

  /** The output channel before it that one of its input channels reads. */
  int source(int input) {
    return factors.getFirst().reads().at(input);
  }

  /** Whether it is faster to compute this and the next link as the one that {@link #then} makes. */
  private boolean fasterWith(FoldedLink second) {
    return !rectified
        && second.convolution.pointwise()
        && cost(dense(convolution, second.convolution))
            < cost(convolution) + cost(second.convolution);
  }

  /** Time for one position of all output channels, in multiply-adds of the fastest kernel. */
  private static double cost(GroupConvolution convolution) {
    return convolution.groups() * TapCost.of(convolution.groupOutputs(), convolution.fanIn());
  }

  /** Both as a single one. */
  private FoldedLink then(FoldedLink second) {
    List<Factor> all = new ArrayList<>(factors);
    all.addAll(second.factors);
    return new FoldedLink(all, dense(convolution, second.convolution), second.rectified);
  }

  /** The composite's shape. */
  private static GroupConvolution dense(GroupConvolution first, GroupConvolution second) {
    return new GroupConvolution(
        first.inputChannels(), second.outputChannels(), 1, first.kernel(), first.stride());
  }

  /**
   * Makes its weights, OIHW.
   *
   * @param weights the network's
   * @param scale of each output channel of the last factor
   */
  float[] fold(Weights weights, float[] scale) {
    GroupConvolution shape = factors.getFirst().convolution();
    float[] folded = values(0, weights, scale);
    for (int i = 1; i < factors.size(); i++) {
      folded = join(shape, folded, factors.get(i), values(i, weights, scale));
      shape = dense(shape, factors.get(i).convolution());
    }
    return folded;
  }

  /** Those of one factor. Of branches over the same input it is the sum (equation 21). */
  private float[] values(int index, Weights weights, float[] scale) {
    Factor factor = factors.get(index);
    int from = weights.offset(factor.operation().weight());
    float[] values = new float[factor.convolution().weights()];
    for (int branch = 0; branch < factor.branches(); branch++) {
      for (int i = 0; i < values.length; i++) {
        values[i] += weights.values()[from + branch * values.length + i];
      }
    }
    if (index == factors.size() - 1) {
      int row = factor.convolution().fanIn();
      for (int i = 0; i < values.length; i++) {
        values[i] *= scale[i / row];
      }
    }
    return values;
  }

  /**
   * Two convolutions as a single one (equation 6): an output's weight for an input is the sum over
   * all paths between them.
   *
   * @param second a pointwise one
   */
  private static float[] join(
      GroupConvolution a, float[] first, Factor second, float[] secondWeights) {
    GroupConvolution b = second.convolution();
    GroupConvolution dense = dense(a, b);
    int area = a.kernel().area();
    double[] row = new double[dense.fanIn()];
    float[] composite = new float[dense.weights()];
    for (int output = 0; output < b.outputChannels(); output++) {
      Arrays.fill(row, 0);
      int firstInput = output / b.groupOutputs() * b.groupInputs();
      for (int k = 0; k < b.groupInputs(); k++) {
        int middle = second.reads().at(firstInput + k);
        double join = secondWeights[output * b.fanIn() + k];
        int group = middle / a.groupOutputs();
        for (int i = 0; i < a.fanIn(); i++) {
          row[group * a.groupInputs() * area + i] += join * first[middle * a.fanIn() + i];
        }
      }
      for (int i = 0; i < row.length; i++) {
        composite[output * row.length + i] = (float) row[i];
      }
    }
    return composite;
  }
}
