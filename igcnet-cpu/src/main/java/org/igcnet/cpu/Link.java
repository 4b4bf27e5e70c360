package org.igcnet.cpu;

import java.util.List;
import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.cpu.Fused.Factor;
import org.igcnet.cpu.Fused.Unit;

/**
 * What one {@link ConvPass} computes: the interleaved group convolution of equation 5 as a whole,
 * else one convolution, with the permutations around it.
 *
 * @param first the primary convolution, or the only one
 * @param second the secondary convolution, which reads and writes through P and Pᵀ
 */
record Link(Factor first, Optional<Factor> second) {
  /** The links of a unit, in the order in which they run. */
  static List<Link> of(Unit unit) {
    List<Factor> factors = unit.factors();
    if (factors.size() == 2 && interleaved(factors.getFirst(), factors.getLast())) {
      return List.of(new Link(factors.getFirst(), Optional.of(factors.getLast())));
    }
    return factors.stream().map(factor -> new Link(factor, Optional.empty())).toList();
  }

  /** Whether two convolutions are x' = P Wˢ Pᵀ Wᵖ x. */
  private static boolean interleaved(Factor first, Factor second) {
    GroupConvolution primary = first.convolution();
    GroupConvolution secondary = second.convolution();
    int l = primary.groups();
    int m = primary.groupOutputs();
    ChannelOrder order = ChannelOrder.interleaved(l, m);
    return secondary.pointwise()
        && !second.rectified()
        && secondary.groups() == m
        && secondary.groupOutputs() == l
        && first.reads().equals(ChannelOrder.identity(primary.inputChannels()))
        && second.reads().equals(order)
        && second.writes().equals(order);
  }

  /** Wᵖ, or the only convolution. */
  GroupConvolution primary() {
    return first.convolution();
  }

  /** Wˢ. */
  Optional<GroupConvolution> secondary() {
    return second.map(Factor::convolution);
  }

  /** Weights of all that is computed. */
  int weights() {
    return primary().weights() + secondary().map(GroupConvolution::weights).orElse(0);
  }

  /** The name of the unit that it is of. */
  String unit() {
    return first.operation().unit();
  }

  /** The shape that it reads. */
  ImageShape input() {
    return first.from();
  }

  /** The shape that it writes. */
  ImageShape output() {
    return first.to();
  }

  /** Where its input channels stand. */
  ChannelOrder reads() {
    return first.reads();
  }

  /** Where the primary's output channels go, where nothing follows. */
  ChannelOrder writes() {
    return first.writes();
  }
}
