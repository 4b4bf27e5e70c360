package org.igcnet.cpu.predict;

import java.util.Arrays;
import org.igcnet.arch.Head;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Planes;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.kernel.TapConvolution;
import org.igcnet.cpu.kernel.TapWeights;

/**
 * Global average pool and final layer on one image. The lanes of a vector are classes: a logit is a
 * sum over features, each of which is a weight of the kernel here.
 */
final class ClassifyStep {
  private final FeatureMap source;
  private final int classes;
  private final float[] weights;
  private final float[] bias;
  private final int vectors;
  private final TapConvolution kernel;
  private final int scratchAt;

  /**
   * @param scratchAt where in a thread's memory scratch begins
   */
  ClassifyStep(Head head, FeatureMap source, Weights weights, int scratchAt) {
    this.source = source;
    this.scratchAt = scratchAt;
    this.classes = head.classes();
    this.vectors = Math.ceilDiv(classes, Lanes.COUNT);
    int padded = vectors * Lanes.COUNT;
    int features = head.features();
    int[] taps = new int[features];
    Arrays.setAll(taps, feature -> feature * padded);
    this.kernel =
        new TapConvolution(taps, 1, new Steps(0, 0, Lanes.COUNT), new Steps(0, 0, Lanes.COUNT));
    this.weights = new float[features * padded];
    int from = weights.offset(Head.WEIGHT);
    for (int k = 0; k < classes; k++) {
      for (int feature = 0; feature < features; feature++) {
        this.weights[feature * padded + k] = weights.values()[from + k * features + feature];
      }
    }
    int at = weights.offset(Head.BIAS);
    this.bias = Arrays.copyOfRange(weights.values(), at, at + classes);
  }

  /** The pooled features in a thread's memory, which are the kernel's weights. */
  TapWeights features(float[] maps) {
    return new TapWeights(maps, scratchAt);
  }

  /**
   * Writes an image's logits, from {@code at} on.
   *
   * @param features see {@link #features}
   */
  void run(float[] maps, TapWeights features, float[] logits, int at) {
    Plane plane = source.plane();
    float scale = 1f / (plane.height() * plane.width());
    int length = plane.vectors() * Lanes.COUNT;
    Arrays.fill(maps, scratchAt, scratchAt + kernel.weights(), 0);
    for (int channel = 0; channel < source.channels(); channel++) {
      maps[scratchAt + channel] = scale * Planes.sum(maps, source.index(channel), length);
    }
    int sums = scratchAt + kernel.weights();
    kernel.run(weights, 0, features, maps, sums, 1, vectors);
    for (int k = 0; k < classes; k++) {
      logits[at + k] = maps[sums + k] + bias[k];
    }
  }
}
