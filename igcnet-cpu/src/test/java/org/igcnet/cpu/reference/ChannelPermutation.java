package org.igcnet.cpu.reference;

/**
 * Equation 2, ȳ = Pᵀ y: channel l·M + m becomes channel m·L + l. With L and M exchanged it is the
 * way back, equation 4.
 *
 * @param primaryPartitions L
 * @param secondaryPartitions M
 */
record ChannelPermutation(int primaryPartitions, int secondaryPartitions) implements Layer {
  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    return permute(x);
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    return inverse().permute(outputGradient);
  }

  ChannelPermutation inverse() {
    return new ChannelPermutation(secondaryPartitions, primaryPartitions);
  }

  private double[][][][] permute(double[][][][] x) {
    double[][][][] permuted = Maps.zeros(x.length, Maps.shape(x));
    for (int n = 0; n < x.length; n++) {
      for (int l = 0; l < primaryPartitions; l++) {
        for (int m = 0; m < secondaryPartitions; m++) {
          permuted[n][m * primaryPartitions + l] = x[n][l * secondaryPartitions + m];
        }
      }
    }
    return permuted;
  }
}
