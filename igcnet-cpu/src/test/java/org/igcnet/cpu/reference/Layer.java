package org.igcnet.cpu.reference;

import java.util.List;

/** One step of a network. A backward pass follows the forward pass that it differentiates. */
interface Layer {
  /** Maps {@code [image][channel][row][column]} to the like. */
  double[][][][] forward(double[][][][] x, Pass pass);

  /** From the loss's gradient for the output to that for the input; adds to weights' gradients. */
  double[][][][] backward(double[][][][] outputGradient);

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
