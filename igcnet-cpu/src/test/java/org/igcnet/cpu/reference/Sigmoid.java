package org.igcnet.cpu.reference;

import org.igcnet.arch.ImageShape;

/** 1 / (1 + e⁻ˣ) of maps of one position. */
final class Sigmoid implements Layer {
  private double[][][][] output = {};

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    output = Maps.zeros(x.length, new ImageShape(x[0].length, 1, 1));
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[n].length; c++) {
        output[n][c][0][0] = 1 / (1 + Math.exp(-x[n][c][0][0]));
      }
    }
    return output;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    double[][][][] gradient = Maps.zeros(output.length, Maps.shape(output));
    for (int n = 0; n < output.length; n++) {
      for (int c = 0; c < output[n].length; c++) {
        double y = output[n][c][0][0];
        gradient[n][c][0][0] = outputGradient[n][c][0][0] * y * (1 - y);
      }
    }
    return gradient;
  }
}
