package org.igcnet.cpu.reference;

import java.util.Arrays;

/** A dense matrix. */
final class Matrix {
  private final double[][] rows;

  private Matrix(double[][] rows) {
    this.rows = rows;
  }

  static Matrix zeros(int rows, int columns) {
    return new Matrix(new double[rows][columns]);
  }

  /** From its values, row by row. */
  static Matrix of(int rows, int columns, double[] values) {
    Matrix matrix = zeros(rows, columns);
    for (int row = 0; row < rows; row++) {
      System.arraycopy(values, row * columns, matrix.rows[row], 0, columns);
    }
    return matrix;
  }

  /** diag(B₁, B₂, …) of equally large blocks, given one above the other. */
  static Matrix blockDiagonal(Matrix stacked, int blocks) {
    int blockRows = stacked.height() / blocks;
    Matrix matrix = zeros(stacked.height(), blocks * stacked.width());
    for (int row = 0; row < stacked.height(); row++) {
      int column = row / blockRows * stacked.width();
      System.arraycopy(stacked.rows[row], 0, matrix.rows[row], column, stacked.width());
    }
    return matrix;
  }

  int height() {
    return rows.length;
  }

  int width() {
    return rows[0].length;
  }

  double get(int row, int column) {
    return rows[row][column];
  }

  void set(int row, int column, double value) {
    rows[row][column] = value;
  }

  Matrix transpose() {
    Matrix transpose = zeros(width(), height());
    for (int row = 0; row < height(); row++) {
      for (int column = 0; column < width(); column++) {
        transpose.set(column, row, get(row, column));
      }
    }
    return transpose;
  }

  Matrix times(Matrix right) {
    Matrix product = zeros(height(), right.width());
    for (int row = 0; row < height(); row++) {
      for (int column = 0; column < right.width(); column++) {
        for (int i = 0; i < width(); i++) {
          product.rows[row][column] += get(row, i) * right.get(i, column);
        }
      }
    }
    return product;
  }

  double[] times(double[] vector) {
    double[] product = new double[height()];
    for (int row = 0; row < height(); row++) {
      for (int i = 0; i < width(); i++) {
        product[row] += get(row, i) * vector[i];
      }
    }
    return product;
  }

  /** All values, row by row. */
  double[] values() {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }
}
