package org.igcnet.cpu.reference;

import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.theory.IgcWeights;

/**
 * An IGC block as equation 5 writes it, x' = P Wˢ Pᵀ Wᵖ x, with every matrix spelled out: x is the
 * vector of the S responses around a position, for all channels.
 */
final class ExplicitIgc {
  private final IgcConvolution shape;
  private final Matrix wp;
  private final Matrix ws;

  ExplicitIgc(IgcWeights weights) {
    this.shape = weights.shape();
    int l = shape.primaryPartitions();
    int m = shape.secondaryPartitions();
    Matrix stackedPrimary = Matrix.of(l * m, shape.primary().fanIn(), weights.primary());
    this.wp = Matrix.blockDiagonal(stackedPrimary, l);
    this.ws = Matrix.blockDiagonal(Matrix.of(m * l, l, weights.secondary()), m);
  }

  /** P of equation 2: ȳ = Pᵀ y has y's m-th channel of partition l at place m·L + l. */
  Matrix p() {
    int l = shape.primaryPartitions();
    int m = shape.secondaryPartitions();
    Matrix p = Matrix.zeros(l * m, l * m);
    for (int i = 0; i < l; i++) {
      for (int j = 0; j < m; j++) {
        p.set(i * m + j, j * l + i, 1);
      }
    }
    return p;
  }

  /** W of equation 6. */
  Matrix composite() {
    return p().times(ws).times(p().transpose()).times(wp);
  }

  /** Equation 5 at every position of every image. */
  double[][][][] forward(double[][][][] maps) {
    ImageShape out = shape.output(Maps.shape(maps));
    double[][][][] result = Maps.zeros(maps.length, out);
    Matrix p = p();
    for (int n = 0; n < maps.length; n++) {
      for (int row = 0; row < out.height(); row++) {
        for (int column = 0; column < out.width(); column++) {
          double[] x = responses(maps[n], row * shape.stride(), column * shape.stride());
          double[] xNext = p.times(ws.times(p.transpose().times(wp.times(x))));
          for (int c = 0; c < xNext.length; c++) {
            result[n][c][row][column] = xNext[c];
          }
        }
      }
    }
    return result;
  }

  /** x at a position: the S responses around it, channel after channel, 0 outside the image. */
  private double[] responses(double[][][] image, int row, int column) {
    Kernel kernel = shape.kernel();
    double[] x = new double[shape.inputChannels() * kernel.area()];
    int next = 0;
    for (double[][] channel : image) {
      for (int r = row - kernel.padRows(); r <= row + kernel.padRows(); r++) {
        for (int c = column - kernel.padColumns(); c <= column + kernel.padColumns(); c++) {
          boolean inside = r >= 0 && r < channel.length && c >= 0 && c < channel[r].length;
          x[next++] = inside ? channel[r][c] : 0;
        }
      }
    }
    return x;
  }
}
