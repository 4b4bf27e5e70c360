package org.igcnet.bench;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.bench.Contender.OfNetwork;
import org.igcnet.bench.Contender.Older;
import org.jspecify.annotations.Nullable;

/**
 * A line of the table: our figure, the best peer's, and the ratio that has to be reached.
 *
 * @param id its name in JSON
 * @param what is compared
 * @param ours the contender whose speed is in question
 * @param peers what it is measured by: the best of them, where a peer has several ways
 * @param floor the least ratio wanted
 * @param figure which figure is compared
 * @param older ours in another build, where that is a contender too
 */
record Row(
    String id,
    String what,
    OfNetwork ours,
    List<? extends OfNetwork> peers,
    double floor,
    Gauge figure,
    @Nullable Older older) {
  /** The least ratio wanted to an older build: a measurement varies by a few hundredths. */
  static final double OLDER_FLOOR = 0.97;

  Row {
    peers = List.copyOf(peers);
  }

  /** A row without an older build. */
  Row(
      String id,
      String what,
      OfNetwork ours,
      List<? extends OfNetwork> peers,
      double floor,
      Gauge figure) {
    this(id, what, ours, peers, floor, figure, null);
  }

  /** The same with ours in an older build as one more contender. */
  Row against(OlderBuild build) {
    return new Row(id, what, ours, peers, floor, figure, new Older(ours, build));
  }

  /** All that have to be measured for it; ours and the older one are neighbours. */
  Stream<Contender> contenders() {
    return Stream.of(Stream.of(ours), Stream.ofNullable(older), peers.stream())
        .flatMap(contenders -> contenders);
  }

  /** How many times as fast ours is, from the figures of both. */
  double ratio(double ours, double peer) {
    return figure.moreIsBetter() ? ours / peer : peer / ours;
  }

  /** A figure of a contender's steps. */
  enum Gauge {
    IMAGES_PER_SECOND("images/s"),
    MULTIPLY_ADDS("G/s"),
    MEDIAN_MILLISECONDS("ms"),
    SLOW_MILLISECONDS("ms");

    /** The share of steps that are faster than the slow one. */
    static final double SLOW = 0.99;

    private final String unit;

    Gauge(String unit) {
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
