package org.igcnet.cpu.plan;

import java.util.List;
import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.cpu.plan.Fused.Factor;
import org.igcnet.cpu.plan.Fused.Unit;

/**
 * What one pass computes: the interleaved group convolution of equation 5 as a whole, else one
 * convolution, with the permutations around it.
 */
public final class Link {
  private final Factor first;
  private final Optional<Factor> second;
  private final GroupConvolution primary;
  private final Optional<GroupConvolution> secondary;
  private final ImageShape output;

  private Link(Factor first, Optional<Factor> second) {
    this.first = first;
    this.second = second;
    this.primary = first.convolution();
    this.secondary = second.map(Factor::convolution);
    this.output = first.to();
  }

  /** The links of a unit, in the order in which they run. */
  public static List<Link> of(Unit unit) {
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

  /** The primary convolution, or the only one. */
  public Factor first() {
    return first;
  }

  /** The secondary convolution, which reads and writes through P and Pᵀ. */
  public Optional<Factor> second() {
    return second;
  }

  /** Wᵖ, or the only convolution. */
  public GroupConvolution primary() {
    return primary;
  }

  /** Wˢ. */
  public Optional<GroupConvolution> secondary() {
    return secondary;
  }

  /** Weights of all that is computed. */
  public int weights() {
    return primary.weights() + secondary.map(GroupConvolution::weights).orElse(0);
  }

  /** The name of the unit that it is of. */
  public String unit() {
    return first.operation().unit();
  }

  /** The shape that it reads. */
  public ImageShape input() {
    return first.from();
  }

  /** The shape that it writes. */
  public ImageShape output() {
    return output;
  }

  /** Where its input channels stand. */
  public ChannelOrder reads() {
    return first.reads();
  }

  /** Where the primary's output channels go, where nothing follows. */
  public ChannelOrder writes() {
    return first.writes();
  }
}
