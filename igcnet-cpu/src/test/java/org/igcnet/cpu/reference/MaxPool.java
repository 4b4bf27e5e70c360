package org.igcnet.cpu.reference;

import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.StemPool;

/**
 * The greatest value of each 3×3 window, in steps of 2; places outside the image are never it. Its
 * gradient goes to the first of the greatest values.
 */
final class MaxPool implements Layer {
  private double[][][][] input = {};
  private double kinkDistance = Double.POSITIVE_INFINITY;

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    input = x;
    kinkDistance = Double.POSITIVE_INFINITY;
    double[][][][] y = Maps.zeros(x.length, new StemPool(Maps.shape(x)).output());
    forEachWindow(y, (n, c, row, column, r, k) -> y[n][c][row][column] = x[n][c][r][k]);
    return y;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    double[][][][] gradient = Maps.zeros(input.length, Maps.shape(input));
    forEachWindow(
        outputGradient,
        (n, c, row, column, r, k) -> gradient[n][c][r][k] += outputGradient[n][c][row][column]);
    return gradient;
  }

  /** How far the greatest value of a window was above the next, at the least; zeros left out. */
  double kinkDistance() {
    return kinkDistance;
  }

  /** Calls for every window with the place of its first greatest value. */
  private void forEachWindow(double[][][][] y, Greatest visitor) {
    for (int n = 0; n < y.length; n++) {
      for (int c = 0; c < y[n].length; c++) {
        for (int row = 0; row < y[n][c].length; row++) {
          for (int column = 0; column < y[n][c][row].length; column++) {
            visit(n, c, row, column, visitor);
          }
        }
      }
    }
  }

  private void visit(int n, int c, int row, int column, Greatest visitor) {
    Kernel kernel = StemPool.KERNEL;
    ImageShape in = Maps.shape(input);
    double greatest = Double.NEGATIVE_INFINITY;
    double next = Double.NEGATIVE_INFINITY;
    int atRow = 0;
    int atColumn = 0;
    for (int i = 0; i < kernel.area(); i++) {
      int r = row * StemPool.STRIDE - kernel.padRows() + i / kernel.width();
      int k = column * StemPool.STRIDE - kernel.padColumns() + i % kernel.width();
      if (r < 0 || r >= in.height() || k < 0 || k >= in.width()) {
        continue;
      }
      double value = input[n][c][r][k];
      if (value > greatest) {
        next = greatest;
        greatest = value;
        atRow = r;
        atColumn = k;
      } else {
        next = Math.max(next, value);
      }
    }
    if (greatest > 0) {
      kinkDistance = Math.min(kinkDistance, greatest - next);
    }
    visitor.visit(n, c, row, column, atRow, atColumn);
  }

  private interface Greatest {
    void visit(int n, int c, int row, int column, int r, int k);
  }
}
