package org.igcnet.cpu.reference;

import java.util.Random;
import org.igcnet.arch.ImageShape;

/** Feature maps, {@code [image][channel][row][column]}. */
final class Maps {
  private Maps() {}

  static double[][][][] zeros(int images, ImageShape shape) {
    return new double[images][shape.channels()][shape.height()][shape.width()];
  }

  /** Values drawn evenly from −1 to 1. */
  static double[][][][] random(int images, ImageShape shape, Random random) {
    double[][][][] maps = zeros(images, shape);
    for (int n = 0; n < images; n++) {
      maps[n] = image(random.doubles(shape.size(), -1, 1).toArray(), shape);
    }
    return maps;
  }

  static ImageShape shape(double[][][][] maps) {
    return new ImageShape(maps[0].length, maps[0][0].length, maps[0][0][0].length);
  }

  /** One image from its values in the order channel, row, column. */
  static double[][][] image(double[] values, ImageShape shape) {
    double[][][] image = zeros(1, shape)[0];
    int from = 0;
    for (double[][] channel : image) {
      for (double[] row : channel) {
        System.arraycopy(values, from, row, 0, row.length);
        from += row.length;
      }
    }
    return image;
  }

  /** The sum of two. */
  static double[][][][] sum(double[][][][] a, double[][][][] b) {
    double[][][][] sum = zeros(a.length, shape(a));
    for (int n = 0; n < a.length; n++) {
      for (int c = 0; c < a[n].length; c++) {
        for (int row = 0; row < a[n][c].length; row++) {
          for (int column = 0; column < a[n][c][row].length; column++) {
            sum[n][c][row][column] = a[n][c][row][column] + b[n][c][row][column];
          }
        }
      }
    }
    return sum;
  }

  /** The largest absolute difference between two. */
  static double difference(double[][][][] a, double[][][][] b) {
    double largest = 0;
    for (int n = 0; n < a.length; n++) {
      for (int c = 0; c < a[n].length; c++) {
        for (int row = 0; row < a[n][c].length; row++) {
          for (int column = 0; column < a[n][c][row].length; column++) {
            largest = Math.max(largest, Math.abs(a[n][c][row][column] - b[n][c][row][column]));
          }
        }
      }
    }
    return largest;
  }
}
