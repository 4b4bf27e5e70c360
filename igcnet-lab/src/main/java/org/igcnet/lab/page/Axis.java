package org.igcnet.lab.page;

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
 * @param logarithmic whether equal steps are equal ratios; then all are above 0
 */
public record Axis(String label, double least, double most, boolean logarithmic) {
  private static final int TICKS = 5;
  private static final double MARGIN = 0.06;

  /** Values that differ by less of themselves are one value. */
  private static final double LEAST_RANGE = 1e-6;

  /** What an axis of one large value reaches beyond it, as a share of the value. */
  private static final double LEAST_SHARE = 1e-3;

  private static final int[] STEPS = {1, 2, 5, 10};

  /** An axis with room for all values. */
  public static Axis around(String label, double[] values) {
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(1);
    double size = Math.max(Math.abs(most), Math.abs(least));
    boolean apart = most - least > LEAST_RANGE * Math.max(size, LEAST_RANGE);
    double margin = apart ? MARGIN * (most - least) : Math.max(1, LEAST_SHARE * size);
    return new Axis(label, least - margin, most + margin, false);
  }

  /** An axis of ratios with room for all values, which are above 0. */
  public static Axis ratios(String label, double[] values) {
    double least = Arrays.stream(values).min().orElse(1);
    double most = Arrays.stream(values).max().orElse(10);
    double margin = most / least > 1 + LEAST_RANGE ? Math.pow(most / least, MARGIN) : 1.5;
    return new Axis(label, least / margin, most * margin, true);
  }

  /** Where a value lies, 0 at the beginning and 1 at the end. */
  double share(double value) {
    return logarithmic
        ? Math.log(value / least) / Math.log(most / least)
        : (value - least) / (most - least);
  }

  /** Round values, about {@value #TICKS}. */
  List<Double> ticks() {
    return logarithmic && most / least > 4 ? logarithmicTicks() : evenTicks();
  }

  private List<Double> evenTicks() {
    double step = step((most - least) / TICKS);
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

  /** 1, 2, 5, 10, …, or the powers of 10 where those are enough. */
  private List<Double> logarithmicTicks() {
    List<Double> ticks = new ArrayList<>();
    boolean many = Math.log10(most / least) < TICKS / 2.0;
    for (double power = Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
      for (int step : many ? new int[] {1, 2, 5} : new int[] {1}) {
        double tick = step * Math.pow(10, power);
        if (tick >= least && tick <= most) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  /** A short text for a value: 0.5, 90, 2k, 1.5M, 3G. */
  static String shortly(double value) {
    double size = Math.abs(value);
    if (size >= 1e9) {
      return Svg.number(value / 1e9) + "G";
    }
    if (size >= 1e6) {
      return Svg.number(value / 1e6) + "M";
    }
    if (size >= 1e3) {
      return Svg.number(value / 1e3) + "k";
    }
    return size != 0 && size < 0.01 ? String.format(Locale.ROOT, "%.1g", value) : Svg.number(value);
  }
}
