package org.igcnet.engine.reference;

/**
 * trunk(x) + shortcut(x).
 *
 * @param trunk the residual
 * @param shortcut an empty chain for the identity
 */
record ResidualJoin(Layer trunk, Layer shortcut) implements Layer {
  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    return Maps.sum(trunk.forward(x, pass), shortcut.forward(x, pass));
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    return Maps.sum(trunk.backward(outputGradient), shortcut.backward(outputGradient));
  }
}
