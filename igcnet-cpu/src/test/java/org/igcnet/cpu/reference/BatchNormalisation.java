package org.igcnet.cpu.reference;

import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter.Role;

/**
 * Batch normalisation, each channel over the images of a group.
 *
 * <p>It normalises with the biased variance. A running average moves once a step, towards the mean
 * over the groups of their means and of their unbiased variances.
 */
final class BatchNormalisation implements Layer {
  private final int channels;
  private final Slice gamma;
  private final Slice beta;
  private final Slice runningMean;
  private final Slice runningVariance;
  private final double momentum;
  private Pass pass = new Pass(1, false);
  private double[][][][] normalised = {};

  /** 1/√(variance + ε) of each group and channel. */
  private double[][] inverseDeviation = {};

  BatchNormalisation(BatchNorm norm, ReferenceWeights weights, float momentum) {
    this.channels = norm.output().channels();
    this.gamma = weights.slice(norm.tensor(Role.GAMMA));
    this.beta = weights.slice(norm.tensor(Role.BETA));
    this.runningMean = weights.slice(norm.tensor(Role.RUNNING_MEAN));
    this.runningVariance = weights.slice(norm.tensor(Role.RUNNING_VARIANCE));
    this.momentum = momentum;
  }

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    this.pass = pass;
    normalised = Maps.zeros(x.length, Maps.shape(x));
    inverseDeviation = new double[groups(x)][channels];
    double[][][][] y = Maps.zeros(x.length, Maps.shape(x));
    for (int c = 0; c < channels; c++) {
      double meanOfMeans = 0;
      double meanOfVariances = 0;
      for (int g = 0; g < groups(x); g++) {
        Statistics batch = statistics(x, g, c);
        meanOfMeans += batch.mean() / groups(x);
        meanOfVariances += batch.unbiasedVariance() / groups(x);
        Statistics used =
            pass.training()
                ? batch
                : new Statistics(batch.count(), runningMean.get(c), runningVariance.get(c));
        normalise(x, g, c, used, y);
      }
      if (pass.training()) {
        move(runningMean, c, meanOfMeans);
        move(runningVariance, c, meanOfVariances);
      }
    }
    return y;
  }

  private void normalise(double[][][][] x, int group, int c, Statistics used, double[][][][] y) {
    ImageShape shape = Maps.shape(x);
    double inverse = 1 / Math.sqrt(used.variance() + ConvUnit.EPSILON);
    inverseDeviation[group][c] = inverse;
    for (int n = first(group); n < end(x, group); n++) {
      for (int row = 0; row < shape.height(); row++) {
        for (int column = 0; column < shape.width(); column++) {
          double value = (x[n][c][row][column] - used.mean()) * inverse;
          normalised[n][c][row][column] = value;
          y[n][c][row][column] = gamma.get(c) * value + beta.get(c);
        }
      }
    }
  }

  private void move(Slice running, int c, double batch) {
    running.set(c, momentum * running.get(c) + (1 - momentum) * batch);
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    double[][][][] inputGradient = Maps.zeros(outputGradient.length, Maps.shape(outputGradient));
    for (int g = 0; g < groups(outputGradient); g++) {
      for (int c = 0; c < channels; c++) {
        backward(outputGradient, g, c, inputGradient);
      }
    }
    return inputGradient;
  }

  private void backward(
      double[][][][] outputGradient, int group, int c, double[][][][] inputGradient) {
    ImageShape shape = Maps.shape(outputGradient);
    double sum = 0;
    double product = 0;
    for (int n = first(group); n < end(outputGradient, group); n++) {
      for (int row = 0; row < shape.height(); row++) {
        for (int column = 0; column < shape.width(); column++) {
          sum += outputGradient[n][c][row][column];
          product += outputGradient[n][c][row][column] * normalised[n][c][row][column];
        }
      }
    }
    beta.addGradient(c, sum);
    gamma.addGradient(c, product);
    int count = (end(outputGradient, group) - first(group)) * shape.pixels();
    double meanSum = pass.training() ? sum / count : 0;
    double meanProduct = pass.training() ? product / count : 0;
    for (int n = first(group); n < end(outputGradient, group); n++) {
      for (int row = 0; row < shape.height(); row++) {
        for (int column = 0; column < shape.width(); column++) {
          inputGradient[n][c][row][column] =
              gamma.get(c)
                  * inverseDeviation[group][c]
                  * (outputGradient[n][c][row][column]
                      - meanSum
                      - normalised[n][c][row][column] * meanProduct);
        }
      }
    }
  }

  private Statistics statistics(double[][][][] x, int group, int c) {
    int count = 0;
    double sum = 0;
    for (int n = first(group); n < end(x, group); n++) {
      for (double[] row : x[n][c]) {
        for (double value : row) {
          count++;
          sum += value;
        }
      }
    }
    double mean = sum / count;
    double squares = 0;
    for (int n = first(group); n < end(x, group); n++) {
      for (double[] row : x[n][c]) {
        for (double value : row) {
          squares += (value - mean) * (value - mean);
        }
      }
    }
    return new Statistics(count, mean, squares / count);
  }

  private int groups(double[][][][] x) {
    return Math.ceilDiv(x.length, pass.normImages());
  }

  private int first(int group) {
    return group * pass.normImages();
  }

  private int end(double[][][][] x, int group) {
    return Math.min(first(group) + pass.normImages(), x.length);
  }

  /** Mean and biased variance of {@code count} values. */
  private record Statistics(int count, double mean, double variance) {
    /** For a single value the biased one, 0. */
    double unbiasedVariance() {
      return count == 1 ? variance : variance * count / (count - 1);
    }
  }
}
