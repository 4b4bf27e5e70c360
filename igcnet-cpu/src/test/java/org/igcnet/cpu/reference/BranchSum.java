package org.igcnet.cpu.reference;

import org.igcnet.arch.ImageShape;

/**
 * Equation 21: the sum of branches that stand side by side.
 *
 * @param branches L
 */
record BranchSum(int branches) implements Layer {
  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    ImageShape shape = Maps.shape(x);
    int channels = shape.channels() / branches;
    double[][][][] sum =
        Maps.zeros(x.length, new ImageShape(channels, shape.height(), shape.width()));
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < shape.channels(); c++) {
        for (int row = 0; row < shape.height(); row++) {
          for (int column = 0; column < shape.width(); column++) {
            sum[n][c % channels][row][column] += x[n][c][row][column];
          }
        }
      }
    }
    return sum;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    int channels = outputGradient[0].length;
    double[][][][] gradient = new double[outputGradient.length][branches * channels][][];
    for (int n = 0; n < gradient.length; n++) {
      for (int c = 0; c < gradient[n].length; c++) {
        gradient[n][c] = outputGradient[n][c % channels];
      }
    }
    return gradient;
  }
}
