package org.igcnet.cpu.predict;

import org.igcnet.arch.Kernel;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Planes;

/**
 * The greatest value of each window of a map after a ReLU, so that the border's zeros are never
 * greater.
 */
final class PoolStep implements InferenceStep {
  private final FeatureMap source;
  private final FeatureMap to;
  private final int phases;
  private final int[] taps;
  private final float[] floor;

  /**
   * @param source the phases of what is pooled
   * @param to gets the result
   */
  PoolStep(FeatureMap source, FeatureMap to, Kernel window, int stride) {
    this.source = source;
    this.to = to;
    this.phases = stride * stride;
    this.taps = to.plane().taps(window, stride);
    this.floor = to.plane().floor(0);
  }

  @Override
  public int pieces() {
    return to.channels();
  }

  @Override
  public long work() {
    return (long) taps.length * to.channels() * to.plane().vectors() * Lanes.COUNT;
  }

  @Override
  public void run(float[] maps, float[] scratch, int first, int end) {
    for (int channel = first; channel < end; channel++) {
      int from = source.index(channel * phases);
      Planes.greatest(maps, from, taps, floor, maps, to.index(channel));
    }
  }
}
