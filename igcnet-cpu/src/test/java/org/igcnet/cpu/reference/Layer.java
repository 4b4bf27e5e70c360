package org.igcnet.cpu.reference;

import java.util.Collections;
import java.util.List;

/** An operation that reads one map. */
interface Layer extends Joint {
  /** Maps {@code [image][channel][row][column]} to the like. */
  double[][][][] forward(double[][][][] x, Pass pass);

  /** From the loss's gradient for the output to that for the input; adds to weights' gradients. */
  double[][][][] backward(double[][][][] outputGradient);

  @Override
  default double[][][][] forward(List<double[][][][]> inputs, Pass pass) {
    return forward(inputs.getFirst(), pass);
  }

  @Override
  default List<double[][][][]> backwards(double[][][][] outputGradient) {
    return Collections.singletonList(backward(outputGradient));
  }

  /** One after the other. */
  record Chain(List<Layer> layers) implements Layer {
    @Override
    public double[][][][] forward(double[][][][] x, Pass pass) {
      for (Layer layer : layers) {
        x = layer.forward(x, pass);
      }
      return x;
    }

    @Override
    public double[][][][] backward(double[][][][] outputGradient) {
      for (Layer layer : layers.reversed()) {
        outputGradient = layer.backward(outputGradient);
      }
      return outputGradient;
    }
  }
}
