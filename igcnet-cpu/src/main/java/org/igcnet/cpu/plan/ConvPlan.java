package org.igcnet.cpu.plan;

import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Maps;

/**
 * How a pass computes a {@link Link}: how it cuts the work, and what memory it takes.
 *
 * @param strip what a thread works on at a time
 * @param sums how a thread sums up the weights' gradients
 * @param parts ranges of rows that each block of images is divided into
 * @param keepsPrimary whether the primary convolution's output is kept for backward, which else
 *     computes it again
 */
public record ConvPlan(Link link, Strip strip, WeightSums sums, int parts, boolean keepsPrimary) {
  /**
   * To compute the primary's output again costs as many multiply-adds as its fan-in, while to write
   * and to read it costs the same for all.
   */
  public static ConvPlan of(Link link, Tuning tuning) {
    return new ConvPlan(
        link,
        Strip.of(link, tuning),
        WeightSums.of(link, tuning),
        tuning.parts(link.output()),
        link.secondary().isPresent() && link.primary().fanIn() >= tuning.keptFanIn());
  }

  /** Where the sums of the weights' gradients begin in a thread's memory: after the strip. */
  public int sumsAt() {
    return (int) (Lanes.LEAD + strip.floats());
  }

  /** Floats of memory that a thread needs. */
  long scratch() {
    return Lanes.LEAD + strip.floats() + sums.floats();
  }

  /** Floats of memory that the sums of all tasks need. */
  long taskSums(int blocks) {
    return (long) blocks * parts * Lanes.whole(link.weights());
  }

  /** Words that the primary's output takes where it is kept, each strip as it is in a thread. */
  public long primaryWords(Precision precision, int blocks) {
    return keepsPrimary
        ? Lanes.LEAD + (long) blocks * parts * strip.strips(parts) * stripWords(precision)
        : 0;
  }

  /**
   * Where the primary's output of a strip is kept.
   *
   * @param before strips of the same task before it
   */
  public int primaryAt(Precision precision, int task, int before) {
    return Lanes.LEAD + (task * strip.strips(parts) + before) * stripWords(precision);
  }

  private int stripWords(Precision precision) {
    return Maps.row(precision, primaryVectors());
  }

  /** Vectors of the primary's output of a strip, with what lies between its channels. */
  public int primaryVectors() {
    return link.primary().outputChannels() * (strip.y().channelStep() / Lanes.COUNT);
  }
}
