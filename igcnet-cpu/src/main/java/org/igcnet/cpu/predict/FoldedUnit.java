package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.plan.ChannelOrder;
import org.igcnet.cpu.plan.Fused.Factor;
import org.igcnet.cpu.plan.Fused.Unit;
import org.igcnet.cpu.plan.WeightOrder;

/**
 * A unit with its batch normalisation in its weights: the running averages make it a scale, which
 * goes into the last convolution's rows, and a shift.
 */
final class FoldedUnit {
  private final List<FoldedLink> links;
  private final int[] target;
  private final float[] shift;

  private FoldedUnit(List<FoldedLink> links, int[] target, float[] shift) {
    this.links = links;
    this.target = target;
    this.shift = shift;
  }

  /** The convolutions, in order. */
  List<FoldedLink> links() {
    return links;
  }

  /** The unit's channel that an output channel of the last convolution is. */
  int target(int output) {
    return target[output];
  }

  /** What is added to one of the unit's channels. */
  float shift(int channel) {
    return shift[channel];
  }

  static FoldedUnit of(Unit unit, Weights weights) {
    List<FoldedLink> links = new ArrayList<>();
    for (Factor factor : unit.factors()) {
      if (factor.rectified()) {
        links.add(links.removeLast().rectify());
      }
      links.add(link(factor, weights));
    }
    ChannelOrder writes = unit.factors().getLast().writes();
    int[] target = new int[unit.to().channels()];
    Arrays.setAll(target, writes::at);
    return folded(unit.norm(), weights, links, target);
  }

  private static FoldedLink link(Factor factor, Weights weights) {
    GroupConvolution convolution = factor.operation().convolution();
    int at = weights.offset(factor.operation().weight());
    float[] values = Arrays.copyOfRange(weights.values(), at, at + convolution.weights());
    return new FoldedLink(convolution, values, factor.reads()).sum(factor.branches());
  }

  private static FoldedUnit folded(
      BatchNorm norm, Weights weights, List<FoldedLink> links, int[] target) {
    float[] values = weights.values();
    int gamma = weights.offset(norm.tensor(Role.GAMMA));
    int beta = weights.offset(norm.tensor(Role.BETA));
    int mean = weights.offset(norm.tensor(Role.RUNNING_MEAN));
    int variance = weights.offset(norm.tensor(Role.RUNNING_VARIANCE));
    FoldedLink last = links.getLast();
    float[] shift = new float[target.length];
    for (int output = 0; output < target.length; output++) {
      int channel = target[output];
      double scale =
          values[gamma + channel] / Math.sqrt(values[variance + channel] + ConvUnit.EPSILON);
      shift[channel] = (float) (values[beta + channel] - values[mean + channel] * scale);
      int row = last.convolution().fanIn();
      for (int i = output * row; i < (output + 1) * row; i++) {
        last.weights()[i] *= (float) scale;
      }
    }
    return new FoldedUnit(fastest(links), target, shift);
  }

  /** Links become one where their composite kernel is faster than they are. */
  private static List<FoldedLink> fastest(List<FoldedLink> links) {
    List<FoldedLink> joined = new ArrayList<>();
    for (FoldedLink link : links) {
      if (!joined.isEmpty() && joined.getLast().fasterWith(link)) {
        joined.add(joined.removeLast().then(link));
      } else {
        joined.add(link);
      }
    }
    return joined;
  }

  /** Links without a normalisation behind them, which keep their channels' order. */
  static FoldedUnit plain(List<FoldedLink> links) {
    int outputs = links.getLast().convolution().outputChannels();
    return new FoldedUnit(links, WeightOrder.inOrder(outputs, 1), new float[outputs]);
  }

  /** What is left after the first {@code count} links. */
  FoldedUnit from(int count) {
    return new FoldedUnit(links.subList(count, links.size()), target, shift);
  }
}
