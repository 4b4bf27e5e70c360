package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.cpu.kernel.Lanes;

/**
 * Gives feature maps their places in a thread's memory. A place is used again only by maps of the
 * same planes, as borders are cleared once and never written.
 */
final class MapMemory {
  private final List<FeatureMap> free = new ArrayList<>();
  private long end = Lanes.LEAD;

  /**
   * A map whose border is zero; the rest may hold anything. Where an array does not reach, its
   * place says nothing; {@link #floats} tells.
   */
  FeatureMap take(Plane plane, int channels) {
    for (FeatureMap map : free) {
      if (map.plane().equals(plane) && map.channels() == channels) {
        free.remove(map);
        return map;
      }
    }
    int at = (int) end;
    end += (long) channels * plane.floats();
    return new FeatureMap(plane, channels, at);
  }

  /** Takes back what is no longer read. */
  void release(FeatureMap map) {
    free.add(map);
  }

  /** Floats of all places. */
  long floats() {
    return end;
  }
}
