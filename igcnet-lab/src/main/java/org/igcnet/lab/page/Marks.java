package org.igcnet.lab.page;

import java.util.List;

/**
 * How large marks are, so that none hides another: one that lies below others reaches out from
 * under each of them.
 */
final class Marks {
  /** What is left to see of a mark around one that lies on it. */
  private static final double RIM = 3;

  private Marks() {}

  /** Where a mark is. */
  record Place(double x, double y) {}

  /**
   * How far each mark reaches.
   *
   * @param places in the order in which they are drawn
   */
  static double[] radii(List<Place> places) {
    double[] radii = new double[places.size()];
    for (int i = radii.length - 1; i >= 0; i--) {
      radii[i] = Series.RADIUS;
      for (int later = i + 1; later < radii.length; later++) {
        radii[i] = Math.max(radii[i], radii[later] + RIM - apart(places.get(i), places.get(later)));
      }
    }
    return radii;
  }

  private static double apart(Place one, Place other) {
    return Math.hypot(one.x() - other.x(), one.y() - other.y());
  }
}
