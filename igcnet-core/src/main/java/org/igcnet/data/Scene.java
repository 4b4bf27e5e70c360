package org.igcnet.data;

import org.igcnet.arch.ImageShape;

/**
 * One picture of {@link Shapes}: a figure on a patchy ground, often with a band across it, under
 * noise. Everything but the figure is drawn by lot.
 */
final class Scene {
  private static final ImageShape SHAPE = ImageShape.CIFAR;
  private static final int SIDE = 32;

  /** Pixels between two points of the ground's pattern. */
  private static final int CELL = 8;

  private static final int GRID = SIDE / CELL + 1;

  /** Least distance in colour space (0 to 255 a channel) of the figure from its ground. */
  private static final double CONTRAST = 110;

  private final Figure figure;
  private final SplitMix random;

  private final double radius;
  private final double centreX;
  private final double centreY;
  private final double cosine;
  private final double sine;

  private final double[] ground;
  private final double[] drift;
  private final double[] pattern = new double[GRID * GRID];
  private final double[] colour;
  private final double shade;

  private final boolean banded;
  private final double[] bandColour;
  private final double bandCosine;
  private final double bandSine;
  private final double bandOffset;
  private final double bandHalf;

  private final double noise;

  /** Draws the lots. */
  Scene(Figure figure, SplitMix random) {
    this.figure = figure;
    this.random = random;

    radius = random.between(8, 12.5);
    centreX = random.between(radius, SIDE - radius);
    centreY = random.between(radius, SIDE - radius);
    double angle = random.between(0, 2 * StrictMath.PI);
    cosine = StrictMath.cos(angle);
    sine = StrictMath.sin(angle);

    ground = colour(20, 160);
    drift = new double[] {between(40), between(40), between(40)};
    double roughness = random.between(0, 20);
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = between(roughness);
    }
    colour = contrasting();
    shade = between(25);

    banded = random.coin();
    bandColour = colour(20, 235);
    double bandAngle = random.between(0, 2 * StrictMath.PI);
    bandCosine = StrictMath.cos(bandAngle);
    bandSine = StrictMath.sin(bandAngle);
    bandOffset = between(0.8 * radius);
    bandHalf = random.between(0.8, 1.8);

    noise = random.between(2, 12);
  }

  private double between(double most) {
    return random.between(-most, most);
  }

  private double[] colour(double low, double high) {
    return new double[] {
      random.between(low, high), random.between(low, high), random.between(low, high)
    };
  }

  /** A colour, mostly lighter, that stands out from both ends of the ground's drift. */
  private double[] contrasting() {
    while (true) {
      double[] candidate = colour(90, 235);
      if (distance(candidate, -1) >= CONTRAST && distance(candidate, 1) >= CONTRAST) {
        return candidate;
      }
    }
  }

  private double distance(double[] candidate, int end) {
    double sum = 0;
    for (int channel = 0; channel < 3; channel++) {
      double difference = candidate[channel] - ground[channel] - end * drift[channel] / 2;
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** Draws the picture: channels × rows × columns from {@code to[offset]} on, unsigned bytes. */
  void paint(byte[] to, int offset) {
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        paint(row, column, to, offset + row * SIDE + column);
      }
    }
  }

  private void paint(int row, int column, byte[] to, int at) {
    double x = column + 0.5 - centreX;
    double y = row + 0.5 - centreY;
    double u = (cosine * x + sine * y) / radius;
    double v = (cosine * y - sine * x) / radius;
    double inFigure = coverage(figure.distance(u, v) * radius);
    double inBand =
        banded ? coverage(Math.abs(bandCosine * x + bandSine * y - bandOffset) - bandHalf) : 0;
    double patch = patch(row, column);
    double along = (column + row) / (2.0 * (SIDE - 1)) - 0.5;
    for (int channel = 0; channel < SHAPE.channels(); channel++) {
      double value = ground[channel] + along * drift[channel] + patch;
      value += inFigure * (colour[channel] + shade * v - value);
      value += inBand * (bandColour[channel] - value);
      to[at + channel * SHAPE.pixels()] = toByte(value + noise * bell());
    }
  }

  /** How much of a pixel lies inside an edge that is so many pixels away. */
  private static double coverage(double distance) {
    return Math.clamp(0.5 - distance, 0, 1);
  }

  /** The ground's pattern: random values at the corners of cells, straight lines between. */
  private double patch(int row, int column) {
    int corner = row / CELL * GRID + column / CELL;
    double right = (column % CELL + 0.5) / CELL;
    double down = (row % CELL + 0.5) / CELL;
    double above = pattern[corner] + right * (pattern[corner + 1] - pattern[corner]);
    int next = corner + GRID;
    double below = pattern[next] + right * (pattern[next + 1] - pattern[next]);
    return above + down * (below - above);
  }

  /** Mean 0, deviation 1, nearly normal: the sum of three even draws of 21 bits. */
  private double bell() {
    long bits = random.next();
    long sum = (bits >>> 43) + ((bits >>> 22) & 0x1FFFFF) + ((bits >>> 1) & 0x1FFFFF);
    return 2 * (sum * 0x1p-21 - 1.5);
  }

  private static byte toByte(double value) {
    return (byte) (int) Math.rint(Math.clamp(value, 0, 255));
  }
}
