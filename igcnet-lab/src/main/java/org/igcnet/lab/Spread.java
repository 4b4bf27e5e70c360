package org.igcnet.lab;

import java.util.Arrays;
import java.util.Optional;

/**
 * Mean and deviation of some values.
 *
 * @param n how many
 * @param mean their mean
 * @param deviation their standard deviation, Σ(x − mean)² divided by n − 1; none of a single value
 */
public record Spread(int n, double mean, Optional<Double> deviation) {
  /** Of one value or more. */
  public static Spread of(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    if (values.length == 1) {
      return new Spread(1, mean, Optional.empty());
    }
    double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
    return new Spread(values.length, mean, Optional.of(Math.sqrt(squares / (values.length - 1))));
  }

  /** As the paper prints it, with two decimals. */
  @Override
  public String toString() {
    return "%.2f".formatted(mean) + deviation.map(" ± %.2f"::formatted).orElse("");
  }
}
