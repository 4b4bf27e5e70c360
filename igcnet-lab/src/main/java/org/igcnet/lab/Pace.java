package org.igcnet.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.Architecture;
import org.igcnet.train.EpochMetrics;

/** How fast networks train here: what was measured of the same network, else by multiply-adds. */
final class Pace {
  private final Map<Architecture, Double> imagesPerSecond = new HashMap<>();
  private final Map<Architecture, Double> multiplyAddsPerSecond = new HashMap<>();

  /** From the epochs that are done. */
  static Pace of(List<Attempt> attempts) {
    Map<Architecture, List<Double>> measured = new HashMap<>();
    Pace pace = new Pace();
    for (Attempt attempt : attempts) {
      measured
          .computeIfAbsent(attempt.trial().architecture(), _ -> new ArrayList<>())
          .addAll(attempt.metrics().stream().map(EpochMetrics::imagesPerSecond).toList());
    }
    for (Attempt attempt : attempts) {
      List<Double> speeds = measured.getOrDefault(attempt.trial().architecture(), List.of());
      if (!speeds.isEmpty()) {
        pace.put(attempt.trial(), median(speeds));
      }
    }
    return pace;
  }

  /** Learns how fast a network is now. */
  void put(Trial trial, double images) {
    imagesPerSecond.put(trial.architecture(), images);
    multiplyAddsPerSecond.put(trial.architecture(), images * trial.multiplyAdds());
  }

  /** What some epochs of a trial take, or NaN where nothing was measured yet. */
  double seconds(Trial trial, double epochs) {
    Double own = imagesPerSecond.get(trial.architecture());
    double speed = own != null ? own : anyRate() / trial.multiplyAdds();
    return epochs * trial.imagesPerEpoch() / speed;
  }

  private double anyRate() {
    return multiplyAddsPerSecond.isEmpty()
        ? Double.NaN
        : median(List.copyOf(multiplyAddsPerSecond.values()));
  }

  /** The middle value; of two the higher. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
