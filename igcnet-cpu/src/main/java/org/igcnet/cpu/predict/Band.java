package org.igcnet.cpu.predict;

import java.util.List;
import org.igcnet.cpu.kernel.Lanes;

/**
 * How many positions a {@link ConvolveStep} computes at a time, so that what lies between its
 * convolutions stays in cache.
 *
 * @param vectors of a band, of each channel
 * @param scratch floats of a thread's memory for all channels of a band
 */
record Band(int vectors, int scratch) {
  /**
   * Vectors of a piece: a multiple of every tile's width, or of two widths together where both add
   * in the same order. So a position's sum is always added up in the same order.
   */
  static final int PIECE = 4;

  /**
   * What a band's values between the convolutions may take: half of a core's second-level cache.
   * The larger it is, the less often the weights of wide blocks are read.
   */
  private static final int BYTES = 1 << 20;

  /** The band for convolutions one after the other, which write a plane. */
  static Band of(List<FoldedLink> convolutions, Plane plane) {
    int channels = last(convolutions);
    for (FoldedLink link : convolutions.subList(0, convolutions.size() - 1)) {
      channels += outputs(link);
    }
    int fitting = BYTES / Float.BYTES / Lanes.COUNT / channels / PIECE * PIECE;
    int vectors = Math.clamp(fitting, PIECE, Math.ceilDiv(plane.vectors(), PIECE) * PIECE);
    return new Band(vectors, channels * step(vectors));
  }

  /** Channels of the last convolution that are computed at a time. */
  static int last(List<FoldedLink> convolutions) {
    return convolutions.getLast().convolution().groupOutputs();
  }

  static int outputs(FoldedLink link) {
    return link.convolution().outputChannels();
  }

  private static int step(int vectors) {
    return Plane.spread(vectors * Lanes.COUNT);
  }

  /** Floats between two channels. */
  int step() {
    return step(vectors);
  }
}
