package org.igcnet.cpu.predict;

import java.util.List;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.PlaneConvolution;

/**
 * How many positions a {@link ConvolveStep} computes at a time, so that what lies between its
 * convolutions stays in cache.
 *
 * @param vectors of a band, of each channel
 * @param scratch floats of a thread's memory for what lies between the convolutions
 */
record Band(int vectors, int scratch) {
  private static final int PIECE = PlaneConvolution.PIECE;

  /**
   * What a band's values may take, those between the convolutions and a partition of the last one:
   * half of a core's second-level cache. The larger it is, the less often the weights of wide
   * blocks are read.
   */
  private static final int BYTES = 1 << 20;

  /** The band for convolutions one after the other, which write a plane. */
  static Band of(List<FoldedLink> convolutions, Plane plane) {
    int between = 0;
    for (FoldedLink link : convolutions.subList(0, convolutions.size() - 1)) {
      between += outputs(link);
    }
    int channels = between + convolutions.getLast().convolution().groupOutputs();
    int fitting = BYTES / Float.BYTES / Lanes.COUNT / channels / PIECE * PIECE;
    int vectors = Math.clamp(fitting, PIECE, Math.ceilDiv(plane.vectors(), PIECE) * PIECE);
    return new Band(vectors, between * step(vectors));
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
