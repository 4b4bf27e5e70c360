package org.igcnet.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.BranchSum;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
import org.igcnet.engine.Weights;
import org.igcnet.model.Model;
import org.igcnet.theory.Connections;

/**
 * How strongly each input channel reaches each output channel of a unit: the root of the sum of
 * squares over the positions of the composite kernel (equation 6). An impulse in one input channel
 * is sent through all convolutions and permutations; what comes out is that channel's part of the
 * composite kernel.
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
    if (Math.max(map.inputChannels(), map.outputChannels()) > MOST_CHANNELS
        || map.steps().stream().anyMatch(Rectify.class::isInstance)) {
      return Optional.empty();
    }
    double[][] strengths = new double[map.outputChannels()][map.inputChannels()];
    Kernel extent = Connections.of(map).kernel();
    for (int input = 0; input < map.inputChannels(); input++) {
      Response response = Response.impulse(map.inputChannels(), input, extent);
      for (LinearMap.Step step : map.steps()) {
        response =
            switch (step) {
              case Factor factor ->
                  response.through(
                      factor.convolution(),
                      weights.values(),
                      weights.offset(unit.weightName(factor)));
              case Interleave interleave -> response.moved(interleave);
              case BranchSum(int branches) -> response.summed(branches);
              case Rectify() -> throw new IllegalStateException("left out above");
            };
      }
      for (int output = 0; output < strengths.length; output++) {
        strengths[output][input] = response.strength(output);
      }
    }
    return Optional.of(new KernelMap(unit.name(), strengths, map.factors().size() > 1));
  }

  /** Small maps of some channels. */
  private static final class Response {
    private final int height;
    private final int width;
    private final double[][] channels;

    private Response(int channels, int height, int width) {
      this.height = height;
      this.width = width;
      this.channels = new double[channels][height * width];
    }

    /** One in the middle of one channel, with room for all that a kernel reaches from there. */
    static Response impulse(int channels, int channel, Kernel extent) {
      Response response = new Response(channels, extent.height(), extent.width());
      response.channels[channel][(extent.height() / 2) * extent.width() + extent.width() / 2] = 1;
      return response;
    }

    /** A convolution at every position: its stride only leaves some of them out. */
    Response through(GroupConvolution convolution, float[] weights, int at) {
      Response out = new Response(convolution.outputChannels(), height, width);
      int inputs = convolution.groupInputs();
      int taps = convolution.kernel().height() * convolution.kernel().width();
      for (int output = 0; output < out.channels.length; output++) {
        int group = output / convolution.groupOutputs();
        for (int i = 0; i < inputs; i++) {
          double[] from = channels[group * inputs + i];
          if (isSilent(from)) {
            continue;
          }
          int kernel = at + (output * inputs + i) * taps;
          add(convolution.kernel(), weights, kernel, from, out.channels[output]);
        }
      }
      return out;
    }

    private static boolean isSilent(double[] values) {
      for (double value : values) {
        if (value != 0) {
          return false;
        }
      }
      return true;
    }

    private void add(Kernel kernel, float[] weights, int at, double[] from, double[] to) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int tap = 0; tap < kernel.height() * kernel.width(); tap++) {
            int row = y + tap / kernel.width() - kernel.height() / 2;
            int column = x + tap % kernel.width() - kernel.width() / 2;
            if (row >= 0 && row < height && column >= 0 && column < width) {
              to[y * width + x] += weights[at + tap] * from[row * width + column];
            }
          }
        }
      }
    }

    Response moved(Interleave interleave) {
      Response out = new Response(channels.length, height, width);
      for (int channel = 0; channel < channels.length; channel++) {
        out.channels[interleave.moved(channel)] = channels[channel];
      }
      return out;
    }

    Response summed(int branches) {
      Response out = new Response(channels.length / branches, height, width);
      for (int channel = 0; channel < channels.length; channel++) {
        double[] to = out.channels[channel % out.channels.length];
        for (int i = 0; i < to.length; i++) {
          to[i] += channels[channel][i];
        }
      }
      return out;
    }

    double strength(int channel) {
      double squares = 0;
      for (double value : channels[channel]) {
        squares += value * value;
      }
      return Math.sqrt(squares);
    }
  }
}
