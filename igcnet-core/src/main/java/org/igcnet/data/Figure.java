package org.igcnet.data;

import java.util.Locale;

/**
 * The ten figures of {@link Shapes}, each by the distance of a point from its edge: negative
 * inside.
 *
 * <p>A figure lies in the circle of radius 1 around the origin. The distances are true near the
 * edge, except beyond corners; that is enough to draw smooth edges. Only arithmetic and square
 * roots are used, which are the same bits on every machine.
 */
enum Figure {
  DISC {
    @Override
    double distance(double x, double y) {
      return disc(x, y, 0.9);
    }
  },
  RING {
    @Override
    double distance(double x, double y) {
      return Math.abs(disc(x, y, 0.75)) - 0.18;
    }
  },
  SQUARE {
    @Override
    double distance(double x, double y) {
      return box(x, y, 0.7, 0.7);
    }
  },
  TRIANGLE {
    @Override
    double distance(double x, double y) {
      return Math.max(-y, HALF_ROOT_3 * Math.abs(x) + 0.5 * y) - 0.5;
    }
  },
  STAR {
    // Mirrors fold the plane onto the wedge between a tip, at (0, 1), and the notch 36° beside it.
    @Override
    double distance(double x, double y) {
      double px = Math.abs(x);
      double py = y;
      double over = Math.max(COS_36 * px - SIN_36 * py, 0);
      px -= 2 * over * COS_36;
      py += 2 * over * SIN_36;
      over = Math.max(-COS_36 * px - SIN_36 * py, 0);
      px += 2 * over * COS_36;
      py += 2 * over * SIN_36;
      px = Math.abs(px);
      double dx = NOTCH * SIN_36;
      double dy = NOTCH * COS_36 - 1;
      double length = Math.sqrt(dx * dx + dy * dy);
      return (dx * (py - 1) - dy * px) / length;
    }
  },
  CROSS {
    @Override
    double distance(double x, double y) {
      return Math.min(box(x, y, 0.95, 0.26), box(x, y, 0.26, 0.95));
    }
  },
  CRESCENT {
    @Override
    double distance(double x, double y) {
      return Math.max(disc(x, y, 0.95), -disc(x - 0.5, y, 0.78));
    }
  },
  HEART {
    @Override
    double distance(double x, double y) {
      double across = x + 0.12;
      double along = y + 0.12;
      double lobes = Math.min(disc(across - 0.48, along, 0.48), disc(across, along - 0.48, 0.48));
      return Math.min(box(across, along, 0.48, 0.48), lobes);
    }
  },
  BARS {
    @Override
    double distance(double x, double y) {
      double nearest = Math.clamp(Math.rint(y / 0.56), -1, 1) * 0.56;
      return box(x, y - nearest, 0.68, 0.16);
    }
  },
  ARROW {
    @Override
    double distance(double x, double y) {
      double shaft = box(x + 0.45, y, 0.5, 0.18);
      double head = Math.max(-x, (0.75 * (x - 1) + Math.abs(y)) / 1.25);
      return Math.min(shaft, head);
    }
  };

  private static final double HALF_ROOT_3 = Math.sqrt(3) / 2;
  private static final double COS_36 = (1 + Math.sqrt(5)) / 4;
  private static final double SIN_36 = Math.sqrt(1 - COS_36 * COS_36);

  /** How far a star's notches are from its middle. */
  private static final double NOTCH = 0.45;

  /** How far a point is from this figure's edge; below 0 inside. */
  abstract double distance(double x, double y);

  /** Name of the class. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static double disc(double x, double y, double radius) {
    return Math.sqrt(x * x + y * y) - radius;
  }

  /** A rectangle around the origin, by half its width and half its height. */
  private static double box(double x, double y, double halfWidth, double halfHeight) {
    double dx = Math.abs(x) - halfWidth;
    double dy = Math.abs(y) - halfHeight;
    double outside = disc(Math.max(dx, 0), Math.max(dy, 0), 0);
    return outside + Math.min(Math.max(dx, dy), 0);
  }
}
