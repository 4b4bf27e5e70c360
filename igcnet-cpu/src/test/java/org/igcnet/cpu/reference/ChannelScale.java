package org.igcnet.cpu.reference;

import java.util.List;
import org.igcnet.arch.ImageShape;

/** A map times a factor for each of its channels. */
final class ChannelScale implements Joint {
  private double[][][][] map = {};
  private double[][][][] factors = {};

  @Override
  public double[][][][] forward(List<double[][][][]> inputs, Pass pass) {
    map = inputs.getFirst();
    factors = inputs.getLast();
    return scaled(map);
  }

  @Override
  public List<double[][][][]> backwards(double[][][][] outputGradient) {
    double[][][][] ofFactors = Maps.zeros(map.length, new ImageShape(factors[0].length, 1, 1));
    for (int n = 0; n < map.length; n++) {
      for (int c = 0; c < map[n].length; c++) {
        for (int row = 0; row < map[n][c].length; row++) {
          for (int column = 0; column < map[n][c][row].length; column++) {
            ofFactors[n][c][0][0] += outputGradient[n][c][row][column] * map[n][c][row][column];
          }
        }
      }
    }
    return List.of(scaled(outputGradient), ofFactors);
  }

  private double[][][][] scaled(double[][][][] x) {
    double[][][][] scaled = Maps.zeros(x.length, Maps.shape(x));
    for (int n = 0; n < x.length; n++) {
      for (int c = 0; c < x[n].length; c++) {
        for (int row = 0; row < x[n][c].length; row++) {
          for (int column = 0; column < x[n][c][row].length; column++) {
            scaled[n][c][row][column] = x[n][c][row][column] * factors[n][c][0][0];
          }
        }
      }
    }
    return scaled;
  }
}
