package org.igcnet.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.arch.SummedConvolution;

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

  static FoldedUnit of(ConvUnit unit, Weights weights) {
    LinearMap map = unit.map();
    float[] first = weight(unit, map.factors().getFirst(), weights);
    return switch (map) {
      case GroupConvolution convolution ->
          folded(unit, weights, List.of(link(convolution, first)), inOrder(map.outputChannels()));
      case SummedConvolution(int branches, GroupConvolution branch) -> {
        FoldedLink sum = link(branch, sum(first, branches));
        yield folded(unit, weights, List.of(sum), inOrder(map.outputChannels()));
      }
      case IgcConvolution igc -> {
        int[] interleaved = interleaved(igc);
        float[] second = weight(unit, map.factors().getLast(), weights);
        FoldedLink primary = link(igc.primary(), first);
        FoldedLink secondary = new FoldedLink(igc.secondary(), second, interleaved);
        yield folded(unit, weights, List.of(primary, secondary), interleaved);
      }
    };
  }

  private static FoldedLink link(GroupConvolution convolution, float[] weights) {
    return new FoldedLink(convolution, weights, inOrder(convolution.inputChannels()));
  }

  private static float[] weight(ConvUnit unit, LinearMap.Factor factor, Weights weights) {
    int at = weights.offset(unit.weightName(factor));
    return Arrays.copyOfRange(weights.values(), at, at + factor.convolution().weights());
  }

  private static int[] inOrder(int channels) {
    int[] channel = new int[channels];
    Arrays.setAll(channel, i -> i);
    return channel;
  }

  /** Where Pᵀ of equation 5 takes its channels, and where P puts them. */
  private static int[] interleaved(IgcConvolution igc) {
    int l = igc.primaryPartitions();
    int m = igc.secondaryPartitions();
    int[] channel = new int[l * m];
    Arrays.setAll(channel, i -> i % l * m + i / l);
    return channel;
  }

  /**
   * Equation 21: branches over the same input are one convolution with the sum of their kernels.
   */
  private static float[] sum(float[] branches, int count) {
    float[] sum = new float[branches.length / count];
    for (int i = 0; i < branches.length; i++) {
      sum[i % sum.length] += branches[i];
    }
    return sum;
  }

  private static FoldedUnit folded(
      ConvUnit unit, Weights weights, List<FoldedLink> links, int[] target) {
    float[] values = weights.values();
    int gamma = weights.offset(unit.normName(Role.GAMMA));
    int beta = weights.offset(unit.normName(Role.BETA));
    int mean = weights.offset(unit.normName(Role.RUNNING_MEAN));
    int variance = weights.offset(unit.normName(Role.RUNNING_VARIANCE));
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
    return new FoldedUnit(links, inOrder(outputs), new float[outputs]);
  }

  /** What is left after the first {@code count} links. */
  FoldedUnit from(int count) {
    return new FoldedUnit(links.subList(count, links.size()), target, shift);
  }
}
