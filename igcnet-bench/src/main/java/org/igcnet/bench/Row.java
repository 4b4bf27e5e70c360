package org.igcnet.bench;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.bench.Contender.OfNetwork;

/**
 * A line of the table: our figure, the best peer's, and the ratio that has to be reached.
 *
 * @param id its name in JSON
 * @param what is compared
 * @param ours the contender whose speed is in question
 * @param peers what it is measured by: the best of them, where a peer has several ways
 * @param floor the least ratio wanted
 * @param figure which figure is compared
 */
record Row(
    String id,
    String what,
    OfNetwork ours,
    List<? extends OfNetwork> peers,
    double floor,
    Figure figure) {
  Row {
    peers = List.copyOf(peers);
  }

  /** All that have to be measured for it. */
  Stream<Contender> contenders() {
    return Stream.concat(Stream.of(ours), peers.stream());
  }

  /** How many times as fast ours is, from the figures of both. */
  double ratio(double ours, double peer) {
    return figure.moreIsBetter() ? ours / peer : peer / ours;
  }

  /** A figure of a contender's steps. */
  enum Figure {
    IMAGES_PER_SECOND("images/s"),
    MULTIPLY_ADDS("G/s"),
    MEDIAN_MILLISECONDS("ms"),
    SLOW_MILLISECONDS("ms");

    /** The share of steps that are faster than the slow one. */
    static final double SLOW = 0.99;

    private final String unit;

    Figure(String unit) {
      this.unit = unit;
    }

    String unit() {
      return unit;
    }

    boolean moreIsBetter() {
      return this == IMAGES_PER_SECOND || this == MULTIPLY_ADDS;
    }

    double of(OfNetwork contender, Samples samples) {
      return switch (this) {
        case IMAGES_PER_SECOND -> contender.images() / samples.median();
        case MULTIPLY_ADDS -> Roofline.work(contender) / samples.median() / 1e9;
        case MEDIAN_MILLISECONDS -> 1e3 * samples.median();
        case SLOW_MILLISECONDS -> 1e3 * samples.quantile(SLOW);
      };
    }
  }
}
