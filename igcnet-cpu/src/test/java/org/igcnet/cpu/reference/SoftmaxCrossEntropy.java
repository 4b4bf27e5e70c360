package org.igcnet.cpu.reference;

import java.util.Arrays;

/** Mean over the images of −log softmax(logits)[label]. */
public final class SoftmaxCrossEntropy {
  private SoftmaxCrossEntropy() {}

  public static double loss(double[][] logits, int[] labels) {
    double loss = 0;
    for (int n = 0; n < logits.length; n++) {
      loss -= Math.log(softmax(logits[n])[labels[n]]) / logits.length;
    }
    return loss;
  }

  /** The loss's gradient for each logit. */
  public static double[][] gradient(double[][] logits, int[] labels) {
    double[][] gradient = new double[logits.length][];
    for (int n = 0; n < logits.length; n++) {
      gradient[n] = softmax(logits[n]);
      gradient[n][labels[n]] -= 1;
      for (int k = 0; k < gradient[n].length; k++) {
        gradient[n][k] /= logits.length;
      }
    }
    return gradient;
  }

  /** Probabilities from one image's logits. */
  public static double[] softmax(double[] logits) {
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - largest)).sum();
    return Arrays.stream(logits).map(logit -> Math.exp(logit - largest) / sum).toArray();
  }
}
