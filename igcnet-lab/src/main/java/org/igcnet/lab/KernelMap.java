package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.Parameter;
import org.igcnet.engine.Weights;
import org.igcnet.model.Model;
import org.igcnet.theory.IgcWeights;

/**
 * How strongly each input channel reaches each output channel of a convolution: the root of the sum
 * of squares over the kernel's positions. Of an interleaved group convolution it is that of the
 * composite kernel (equation 6).
 */
final class KernelMap {
  private final String unit;
  private final double[][] strengths;
  private final boolean composite;

  private KernelMap(String unit, double[][] strengths, boolean composite) {
    this.unit = unit;
    this.strengths = strengths;
    this.composite = composite;
  }

  /** The convolution's name. */
  String unit() {
    return unit;
  }

  /** By output, then input. */
  double[][] strengths() {
    return strengths;
  }

  /** Whether it is a product of two sparse kernels. */
  boolean composite() {
    return composite;
  }

  /** The first and the last block of each stage. */
  static List<KernelMap> of(Model model) {
    List<ConvUnit> units = model.architecture().units();
    List<KernelMap> maps = new ArrayList<>();
    for (int i = 1; i < units.size(); i++) {
      boolean first = !stage(units.get(i)).equals(stage(units.get(i - 1)));
      boolean last = i == units.size() - 1 || !stage(units.get(i)).equals(stage(units.get(i + 1)));
      if (first || last) {
        map(units.get(i), model.weights()).ifPresent(maps::add);
      }
    }
    return maps;
  }

  private static String stage(ConvUnit unit) {
    return unit.name().replaceFirst("\\..*", "");
  }

  private static Optional<KernelMap> map(ConvUnit unit, Weights weights) {
    return switch (unit.map()) {
      case IgcConvolution igc -> {
        List<LinearMap.Factor> factors = igc.factors();
        IgcWeights own =
            new IgcWeights(
                igc,
                values(unit, factors.getFirst(), weights),
                values(unit, factors.getLast(), weights));
        yield Optional.of(
            new KernelMap(unit.name(), strengths(own.composite(), own.compositeKernel()), true));
      }
      case GroupConvolution regular when regular.groups() == 1 ->
          Optional.of(
              new KernelMap(
                  unit.name(),
                  strengths(regular, values(unit, regular.factors().getFirst(), weights)),
                  false));
      default -> Optional.empty();
    };
  }

  private static double[] values(ConvUnit unit, LinearMap.Factor factor, Weights weights) {
    String name = unit.weightName(factor);
    Parameter parameter =
        weights.parameters().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    double[] values = new double[parameter.size()];
    int from = weights.offset(name);
    for (int i = 0; i < values.length; i++) {
      values[i] = weights.values()[from + i];
    }
    return values;
  }

  /** Of an ungrouped kernel, OIHW. */
  private static double[][] strengths(GroupConvolution convolution, double[] kernel) {
    int inputs = convolution.inputChannels();
    int taps = convolution.fanIn() / inputs;
    double[][] strengths = new double[convolution.outputChannels()][inputs];
    for (int i = 0; i < kernel.length; i++) {
      strengths[i / (inputs * taps)][i / taps % inputs] += kernel[i] * kernel[i];
    }
    for (double[] row : strengths) {
      for (int i = 0; i < inputs; i++) {
        row[i] = Math.sqrt(row[i]);
      }
    }
    return strengths;
  }
}
