package org.igcnet.cpu.reference;

import java.util.List;

/**
 * One operation of a network, which reads one map or several. A backward pass follows the forward
 * pass that it differentiates.
 */
interface Joint {
  /** Maps, {@code [image][channel][row][column]} each, to the like. */
  double[][][][] forward(List<double[][][][]> inputs, Pass pass);

  /** From the loss's gradient for the output to that for each input. */
  List<double[][][][]> backwards(double[][][][] outputGradient);

  /** The sum of two maps. */
  final class Sum implements Joint {
    @Override
    public double[][][][] forward(List<double[][][][]> inputs, Pass pass) {
      return Maps.sum(inputs.getFirst(), inputs.getLast());
    }

    @Override
    public List<double[][][][]> backwards(double[][][][] outputGradient) {
      return List.of(outputGradient, outputGradient);
    }
  }
}
