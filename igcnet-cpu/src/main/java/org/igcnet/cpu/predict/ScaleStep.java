package org.igcnet.cpu.predict;

import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Planes;

/**
 * Multiplies each channel of a map by its factor.
 *
 * @param map is written over
 * @param factors has one position
 */
record ScaleStep(FeatureMap map, FeatureMap factors) implements InferenceStep {
  @Override
  public int pieces() {
    return map.channels();
  }

  @Override
  public long work() {
    return (long) map.channels() * length();
  }

  private int length() {
    return map.plane().vectors() * Lanes.COUNT;
  }

  @Override
  public void run(float[] maps, float[] scratch, int first, int end) {
    for (int channel = first; channel < end; channel++) {
      Planes.scale(maps, map.index(channel), maps[factors.index(channel)], length());
    }
  }
}
