package org.igcnet.arch;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.arch.Parameter.Role;

/**
 * Squeeze and excitation (Hu, Shen and Sun, CVPR 2018), which weighs the channels of a map x by
 * what all of it shows:
 *
 * <pre>
 *   y = x · σ(V ReLU(W mean(x)))
 * </pre>
 *
 * <p>The mean is over the positions of each channel, W and V are linear maps without bias, and each
 * channel is scaled by its own factor.
 *
 * @param name the prefix of its parameters' names, for example {@code stage1.0.se}
 * @param input the shape that it reads and writes
 */
public record Excitation(String name, ImageShape input) {
  /** Channels that one row of W stands for, as in that paper. */
  private static final int REDUCTION = 16;

  /** One position, as wide as the map. */
  ImageShape means() {
    return new ImageShape(input.channels(), 1, 1);
  }

  /** W: to a sixteenth of the channels. */
  LinearMap.Factor squeeze() {
    return linear("squeeze", input.channels(), squeezed());
  }

  /** V: back to all channels. */
  LinearMap.Factor excite() {
    return linear("excite", squeezed(), input.channels());
  }

  private int squeezed() {
    return Math.ceilDiv(input.channels(), REDUCTION);
  }

  private static LinearMap.Factor linear(String name, int from, int to) {
    return new LinearMap.Factor(name, new GroupConvolution(from, to, 1, Kernel.POINT, 1));
  }

  /** W and V as tensors. */
  List<Parameter> parameters() {
    return Stream.of(squeeze(), excite())
        .map(
            factor ->
                new Parameter(
                    "%s.%s.weight".formatted(name, factor.name()),
                    Role.CONVOLUTION,
                    factor.convolution().weightShape(),
                    factor.convolution().fanIn()))
        .toList();
  }
}
