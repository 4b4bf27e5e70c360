package org.igcnet.cpu.reference;

import org.igcnet.arch.ImageShape;

/** Each channel's mean over all positions, as a 1×1 map. */
final class AveragePool implements Layer {
  private ImageShape shape = new ImageShape(1, 1, 1);

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    shape = Maps.shape(x);
    double[][][][] means = Maps.zeros(x.length, new ImageShape(shape.channels(), 1, 1));
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (double[] row : x[n][c]) {
          for (double value : row) {
            means[n][c][0][0] += value / shape.pixels();
          }
        }
      }
    }
    return means;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    double[][][][] gradient = Maps.zeros(outputGradient.length, shape);
    for (int n = 0; n < gradient.length; n++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int row = 0; row < shape.height(); row++) {
          for (int column = 0; column < shape.width(); column++) {
            gradient[n][c][row][column] = outputGradient[n][c][0][0] / shape.pixels();
          }
        }
      }
    }
    return gradient;
  }
}
