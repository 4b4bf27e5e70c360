package org.igcnet.cpu.reference;

import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;

/** A group convolution by seven nested loops. */
final class DirectConvolution implements Layer {
  private final GroupConvolution shape;
  private final Slice weight;
  private double[][][][] input = {};

  /**
   * @param shape its channels, partitions, kernel and stride
   * @param weight OIHW
   */
  DirectConvolution(GroupConvolution shape, Slice weight) {
    this.shape = shape;
    this.weight = weight;
  }

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    input = x;
    ImageShape out = shape.output(Maps.shape(x));
    double[][][][] y = Maps.zeros(x.length, out);
    forEachProduct(
        y,
        (n, o, row, column, i, r, c, w) -> y[n][o][row][column] += weight.get(w) * x[n][i][r][c]);
    return y;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    double[][][][] x = input;
    double[][][][] inputGradient = Maps.zeros(x.length, Maps.shape(x));
    forEachProduct(
        outputGradient,
        (n, o, row, column, i, r, c, w) -> {
          double gradient = outputGradient[n][o][row][column];
          inputGradient[n][i][r][c] += weight.get(w) * gradient;
          weight.addGradient(w, x[n][i][r][c] * gradient);
        });
    return inputGradient;
  }

  /** Calls for every product of a weight and an input value that is inside the image. */
  private void forEachProduct(double[][][][] y, Product product) {
    Kernel kernel = shape.kernel();
    ImageShape in = Maps.shape(input);
    for (int n = 0; n < y.length; n++) {
      for (int o = 0; o < shape.outputChannels(); o++) {
        int firstInput = o / shape.groupOutputs() * shape.groupInputs();
        for (int row = 0; row < y[n][o].length; row++) {
          for (int column = 0; column < y[n][o][row].length; column++) {
            for (int i = 0; i < shape.groupInputs(); i++) {
              for (int kr = 0; kr < kernel.height(); kr++) {
                for (int kc = 0; kc < kernel.width(); kc++) {
                  int r = row * shape.stride() + kr - kernel.padRows();
                  int c = column * shape.stride() + kc - kernel.padColumns();
                  if (r >= 0 && r < in.height() && c >= 0 && c < in.width()) {
                    int w =
                        ((o * shape.groupInputs() + i) * kernel.height() + kr) * kernel.width()
                            + kc;
                    product.visit(n, o, row, column, firstInput + i, r, c, w);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private interface Product {
    void visit(int n, int o, int row, int column, int i, int r, int c, int w);
  }
}
