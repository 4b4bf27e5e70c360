package org.igcnet.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.backend.Weights;
import org.igcnet.model.Model;
import org.igcnet.theory.CompositeKernel;

/**
 * How strongly each input channel reaches each output channel of a unit: the root of the sum of
 * squares over the positions of the composite kernel (equation 6).
 */
final class KernelMap {
  /** Of a wider one a picture would show nothing, and take long. */
  private static final int MOST_CHANNELS = 1024;

  private final String unit;
  private final double[][] strengths;
  private final boolean composite;

  private KernelMap(String unit, double[][] strengths, boolean composite) {
    this.unit = unit;
    this.strengths = strengths;
    this.composite = composite;
  }

  /** The unit's name. */
  String unit() {
    return unit;
  }

  /** By output, then input. */
  double[][] strengths() {
    return strengths;
  }

  /** Whether it is a product of sparse kernels. */
  boolean composite() {
    return composite;
  }

  /** The first and the last block of each stage, but for those that are not linear or too wide. */
  static List<KernelMap> of(Model model) {
    List<ConvUnit> units = model.architecture().units();
    List<KernelMap> maps = new ArrayList<>();
    for (int i = 1; i < units.size(); i++) {
      boolean first = !stage(units.get(i)).equals(stage(units.get(i - 1)));
      boolean last = i == units.size() - 1 || !stage(units.get(i)).equals(stage(units.get(i + 1)));
      if (first || last) {
        of(units.get(i), model.weights()).ifPresent(maps::add);
      }
    }
    return maps;
  }

  private static String stage(ConvUnit unit) {
    return unit.name().replaceFirst("\\..*", "");
  }

  /** Of one unit, unless an activation stands in it or it is too wide. */
  static Optional<KernelMap> of(ConvUnit unit, Weights weights) {
    LinearMap map = unit.map();
    if (Math.max(map.inputChannels(), map.outputChannels()) > MOST_CHANNELS || !map.linear()) {
      return Optional.empty();
    }
    CompositeKernel composite =
        CompositeKernel.of(
            map, map.factors().stream().map(factor -> values(unit, factor, weights)).toList());
    double[][] strengths = new double[map.outputChannels()][map.inputChannels()];
    for (int output = 0; output < strengths.length; output++) {
      for (int input = 0; input < strengths[output].length; input++) {
        double[] taps = composite.taps(output, input);
        strengths[output][input] = Math.sqrt(Arrays.stream(taps).map(tap -> tap * tap).sum());
      }
    }
    return Optional.of(new KernelMap(unit.name(), strengths, map.factors().size() > 1));
  }

  private static double[] values(ConvUnit unit, Factor factor, Weights weights) {
    int from = weights.offset(unit.weightName(factor));
    return IntStream.range(from, from + factor.convolution().weights())
        .mapToDouble(i -> weights.values()[i])
        .toArray();
  }
}
