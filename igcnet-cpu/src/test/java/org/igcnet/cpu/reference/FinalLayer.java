package org.igcnet.cpu.reference;

import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;

/** The final layer: logits = weight · features + bias, on 1×1 maps. */
final class FinalLayer implements Layer {
  private final Head head;
  private final Slice weight;
  private final Slice bias;
  private double[][][][] input = {};

  FinalLayer(Head head, Slice weight, Slice bias) {
    this.head = head;
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public double[][][][] forward(double[][][][] x, Pass pass) {
    input = x;
    double[][][][] logits = Maps.zeros(x.length, new ImageShape(head.classes(), 1, 1));
    for (int n = 0; n < x.length; n++) {
      for (int k = 0; k < head.classes(); k++) {
        double logit = bias.get(k);
        for (int f = 0; f < head.features(); f++) {
          logit += weight.get(k * head.features() + f) * x[n][f][0][0];
        }
        logits[n][k][0][0] = logit;
      }
    }
    return logits;
  }

  @Override
  public double[][][][] backward(double[][][][] outputGradient) {
    double[][][][] gradient = Maps.zeros(input.length, Maps.shape(input));
    for (int n = 0; n < input.length; n++) {
      for (int k = 0; k < head.classes(); k++) {
        double logit = outputGradient[n][k][0][0];
        bias.addGradient(k, logit);
        for (int f = 0; f < head.features(); f++) {
          weight.addGradient(k * head.features() + f, logit * input[n][f][0][0]);
          gradient[n][f][0][0] += logit * weight.get(k * head.features() + f);
        }
      }
    }
    return gradient;
  }
}
