package org.igcnet.cpu.predict;

import java.util.Arrays;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Planes;
import org.igcnet.cpu.plan.Fused.Excite;
import org.igcnet.loss.Sigmoid;

/**
 * The factors of a squeeze and excitation, σ(V ReLU(W mean(x))). It is one piece, as all of them
 * need all of the map.
 */
final class ExciteStep implements InferenceStep {
  /** A map of one position. */
  static final ImageShape MEANS = new ImageShape(1, 1, 1);

  private final FeatureMap source;
  private final FeatureMap squeezed;
  private final FeatureMap factors;
  private final float[] squeeze;
  private final float[] excite;

  private ExciteStep(
      FeatureMap source, FeatureMap squeezed, FeatureMap factors, float[] squeeze, float[] excite) {
    this.source = source;
    this.squeezed = squeezed;
    this.factors = factors;
    this.squeeze = squeeze;
    this.excite = excite;
  }

  /**
   * Makes a step.
   *
   * @param weights are copied
   * @param squeezed gets what stands between the two linear maps
   * @param factors gets the factors, and the means before them
   */
  static ExciteStep of(
      Excite excite, Weights weights, FeatureMap source, FeatureMap squeezed, FeatureMap factors) {
    return new ExciteStep(
        source,
        squeezed,
        factors,
        weights(excite.squeeze(), weights),
        weights(excite.excite(), weights));
  }

  private static float[] weights(Convolution linear, Weights weights) {
    int from = weights.offset(linear.weight());
    return Arrays.copyOfRange(weights.values(), from, from + linear.convolution().weights());
  }

  @Override
  public int pieces() {
    return 1;
  }

  @Override
  public long work() {
    return (long) source.channels() * source.plane().vectors() * Lanes.COUNT
        + squeeze.length
        + excite.length;
  }

  @Override
  public void run(float[] maps, float[] scratch, int first, int end) {
    Plane plane = source.plane();
    float scale = 1f / (plane.height() * plane.width());
    for (int channel = 0; channel < source.channels(); channel++) {
      float sum = Planes.sum(maps, source.index(channel), plane.vectors() * Lanes.COUNT);
      maps[factors.index(channel)] = scale * sum;
    }
    multiply(squeeze, maps, factors, squeezed);
    for (int channel = 0; channel < squeezed.channels(); channel++) {
      int at = squeezed.index(channel);
      maps[at] = Math.max(0, maps[at]);
    }
    multiply(excite, maps, squeezed, factors);
    for (int channel = 0; channel < factors.channels(); channel++) {
      int at = factors.index(channel);
      maps[at] = Sigmoid.of(maps[at]);
    }
  }

  /** A linear map from one map of one position to another. */
  private static void multiply(float[] weights, float[] maps, FeatureMap from, FeatureMap to) {
    int weight = 0;
    for (int output = 0; output < to.channels(); output++) {
      float sum = 0;
      for (int input = 0; input < from.channels(); input++) {
        sum += weights[weight++] * maps[from.index(input)];
      }
      maps[to.index(output)] = sum;
    }
  }
}
