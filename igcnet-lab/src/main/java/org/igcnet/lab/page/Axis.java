package org.igcnet.lab.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Values along one side of a plot.
 *
 * @param label what they are
 * @param least at the beginning
 * @param most at the end, above {@code least}
 * @param scale what equal steps are
 */
public record Axis(String label, double least, double most, Scale scale) {
  private static final int TICKS = 5;
  private static final double MARGIN = 0.06;

  /** Values that differ by less of themselves are one value. */
  private static final double LEAST_RANGE = 1e-6;

  /** What an axis of one large value reaches beyond it, as a share of the value. */
  private static final double LEAST_SHARE = 1e-3;

  private static final int[] STEPS = {1, 2, 5, 10};

  /** From so many decades on, an axis of losses is one of ratios: 10^1.5 is about 32. */
  private static final double LEAST_DECADES = 1.5;

  /** Below this a number is written with its power of ten. */
  private static final double SMALL = 1e-3;

  /** What equal steps along an axis are. */
  public enum Scale {
    /** Equal differences. */
    EVEN,
    /** Equal differences of whole numbers, and no other number is named. */
    WHOLE,
    /** Equal ratios; then all values are above 0. */
    RATIOS,
    /** Equal ratios of whole numbers, and no other number is named. */
    WHOLE_RATIOS;

    private boolean ofRatios() {
      return this == RATIOS || this == WHOLE_RATIOS;
    }

    private boolean whole() {
      return this == WHOLE || this == WHOLE_RATIOS;
    }
  }

  /** An axis with room for all values. */
  public static Axis around(String label, double[] values) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(1);
    double size = Math.max(Math.abs(most), Math.abs(least));
    boolean apart = most - least > LEAST_RANGE * Math.max(size, LEAST_RANGE);
    double margin = apart ? MARGIN * (most - least) : Math.max(1, LEAST_SHARE * size);
    return new Axis(label, least - margin, most + margin, Scale.EVEN);
  }

  /** An axis of ratios with room for all values, which are above 0. */
  public static Axis ratios(String label, double[] values) {
    double least = Arrays.stream(values).min().orElse(1);
    double most = Arrays.stream(values).max().orElse(10);
    double margin = most / least > 1 + LEAST_RANGE ? Math.pow(most / least, MARGIN) : 1.5;
    boolean whole = Arrays.stream(values).allMatch(value -> value == Math.rint(value));
    return new Axis(
        label, least / margin, most * margin, whole ? Scale.WHOLE_RATIOS : Scale.RATIOS);
  }

  /** An axis of ratios where values, none below 0, span decades, and of differences elsewhere. */
  public static Axis losses(String label, double[] values) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(1);
    return least > 0 && Math.log10(most) - Math.log10(least) >= LEAST_DECADES
        ? ratios(label, values)
        : around(label, values);
  }

  /** An axis of epochs. */
  static Axis epochs(int epochs) {
    return new Axis("epoch", epochs == 1 ? 0 : 1, Math.max(epochs, 1), Scale.WHOLE);
  }

  /** Where a value lies, 0 at the beginning and 1 at the end. */
  double share(double value) {
    return scale.ofRatios()
        ? (Math.log(value) - Math.log(least)) / (Math.log(most) - Math.log(least))
        : (value - least) / (most - least);
  }

  /** Round values, about {@value #TICKS}. */
  List<Double> ticks() {
    return ofPowers() ? powers() : evenTicks();
  }

  /** Whether the values named are those of each power of ten. */
  private boolean ofPowers() {
    return scale.ofRatios() && most / least > 4;
  }

  private double step() {
    double step = step((most - least) / TICKS);
    return scale.whole() ? Math.max(1, step) : step;
  }

  private List<Double> evenTicks() {
    double step = step();
    List<Double> ticks = new ArrayList<>();
    for (long k = (long) Math.ceil(least / step); k * step <= most; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  /** The next round number from {@code size} on. */
  private static double step(double size) {
    double power = Math.pow(10, Math.floor(Math.log10(size)));
    for (int step : STEPS) {
      if (step * power >= size * 0.999) {
        return step * power;
      }
    }
    throw new IllegalArgumentException("no step of the size " + size);
  }

  /** 1, 2, 5, 10, …, or powers of 10 where those are enough, or some of them. */
  private List<Double> powers() {
    double decades = Math.log10(most) - Math.log10(least);
    int[] steps = decades < TICKS / 2.0 ? new int[] {1, 2, 5} : new int[] {1};
    int stride = Math.ceilDiv((int) decades, 2 * TICKS);
    List<Double> ticks = new ArrayList<>();
    int first = (int) Math.floor(Math.log10(least));
    for (int power = first; power <= Math.log10(most); power += Math.max(1, stride)) {
      for (int step : steps) {
        double tick = step * Math.pow(10, power);
        if (tick >= least && tick <= most) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** What stands at a tick: no two of an axis are the same. */
  String text(double tick) {
    return ofPowers() ? shortly(tick) : shortly(tick, step());
  }

  /** A short text for a value: 0.5, 90, 2k, 1.5M, 3G, 5e-4. */
  static String shortly(double value) {
    return shortly(value, Math.abs(value) / 100);
  }

  /** A short text for a value that tells it from one that is {@code apart} from it. */
  private static String shortly(double value, double apart) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return decimals(value / 1e9, apart / 1e9) + "G";
    }
    if (size >= 1e6) {
      return decimals(value / 1e6, apart / 1e6) + "M";
    }
    if (size >= 1e3) {
      return decimals(value / 1e3, apart / 1e3) + "k";
    }
    return size > apart / 2 && size < SMALL
        ? withPower(value, (int) Math.max(0, Math.ceil(Math.log10(size / apart) - 1e-9)))
        : decimals(value, apart);
  }

  private static String withPower(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "e", value).replaceAll("\\.?0*e-0?", "e-");
  }

  /** As many decimals as {@code apart} has, without zeros at the end. */
  private static String decimals(double value, double apart) {
    int decimals = apart > 0 ? Math.max(0, (int) Math.ceil(-Math.log10(apart) - 1e-9)) : 0;
    BigDecimal number = new BigDecimal(String.format(Locale.ROOT, "%." + decimals + "f", value));
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
