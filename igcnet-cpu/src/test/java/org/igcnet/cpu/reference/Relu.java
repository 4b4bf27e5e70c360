package org.igcnet.cpu.reference;

import org.igcnet.arch.ImageShape;

/** max(x, 0); its derivative at 0 is 0. */
final class Relu implements Layer {
  private double[][][][] input = {};

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    input = x;
    return whereInputPositive(x);
  }

  /** How close the last pass came to the kink, where the derivative jumps: the least |x|. */
  double kinkDistance() {
    double least = Double.POSITIVE_INFINITY;
    for (double[][][] image : input) {
      for (double[][] channel : image) {
        for (double[] row : channel) {
          for (double x : row) {
            least = Math.min(least, Math.abs(x));
          }
        }
      }
    }
    return least;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    return whereInputPositive(outputGradient);
  }

  private double[][][][] whereInputPositive(double[][][][] values) {
    ImageShape shape = Maps.shape(values);
    double[][][][] kept = Maps.zeros(values.length, shape);
    for (int n = 0; n < values.length; n++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int row = 0; row < shape.height(); row++) {
          for (int column = 0; column < shape.width(); column++) {
            if (input[n][c][row][column] > 0) {
              kept[n][c][row][column] = values[n][c][row][column];
            }
          }
        }
      }
    }
    return kept;
  }
}
