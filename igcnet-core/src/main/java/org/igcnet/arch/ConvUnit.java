package org.igcnet.arch;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.Parameter.Role;

/**
 * A linear map followed by batch normalisation. Whether a ReLU follows is the {@link Block}'s
 * affair.
 *
 * @param name the prefix of its parameters' names, for example {@code stage1.0}
 * @param map the convolutions
 * @param input the shape that it reads
 */
public record ConvUnit(String name, LinearMap map, ImageShape input) {
  /** ε of batch normalisation. */
  public static final float EPSILON = 2e-5f;

  /** {@return the shape that it writes} */
  public ImageShape output() {
    return map.output(input);
  }

  /**
   * {@return the name of the weight of one of the map's factors}
   *
   * @param factor one of the map's {@link LinearMap#factors}
   */
  public String weightName(LinearMap.Factor factor) {
    return name + "." + factor.name() + ".weight";
  }

  /** A name for one of the map's steps, unique among those of the network. */
  String stepName(int index) {
    List<LinearMap.Step> steps = map.steps();
    return name
        + switch (steps.get(index)) {
          case LinearMap.Factor factor -> "." + factor.name();
          case LinearMap.Interleave _ when index == steps.size() - 1 -> ".restore";
          case LinearMap.Interleave _ -> ".interleave" + number(LinearMap.Interleave.class, index);
          case LinearMap.Rectify _ -> ".activation" + number(LinearMap.Rectify.class, index);
          case LinearMap.BranchSum _ -> ".sum";
        };
  }

  /** Counts the steps of a kind up to this one; the first needs no number. */
  private String number(Class<? extends LinearMap.Step> kind, int index) {
    long number = map.steps().subList(0, index + 1).stream().filter(kind::isInstance).count();
    return number == 1 ? "" : String.valueOf(number);
  }

  /**
   * {@return the name of one of batch normalisation's tensors}
   *
   * @param role one of batch normalisation's
   */
  public String normName(Role role) {
    return normName(name, role);
  }

  static String normName(String unit, Role role) {
    return unit
        + switch (role) {
          case GAMMA -> ".bn.weight";
          case BETA -> ".bn.bias";
          case RUNNING_MEAN -> ".bn.running_mean";
          case RUNNING_VARIANCE -> ".bn.running_var";
          case CONVOLUTION, LINEAR, BIAS ->
              throw new IllegalArgumentException(role + " is no part of batch normalisation");
        };
  }

  /** {@return the convolution weights, then γ, β, running mean and running variance} */
  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    for (LinearMap.Factor factor : map.factors()) {
      GroupConvolution convolution = factor.convolution();
      parameters.add(
          new Parameter(
              weightName(factor),
              Role.CONVOLUTION,
              convolution.weightShape(),
              convolution.fanIn()));
    }
    for (Role role : List.of(Role.GAMMA, Role.BETA, Role.RUNNING_MEAN, Role.RUNNING_VARIANCE)) {
      parameters.add(new Parameter(normName(role), role, List.of(map.outputChannels()), 0));
    }
    return List.copyOf(parameters);
  }
}
