package org.igcnet.cpu.plan;

import org.igcnet.arch.GroupConvolution;
import org.igcnet.cpu.kernel.Lanes;

/**
 * How a thread sums up the gradient of a unit's weights before the lanes are added: a vector for
 * each weight of the unit over a whole task or, where these are too many for the cache, for each
 * weight of some output channels of a partition over one strip.
 *
 * @param sliced which of the two
 * @param floats room for the vectors
 */
public record WeightSums(boolean sliced, int floats) {
  /** A slice's vectors share the second-level cache with a strip. */
  private static final int SLICES = 8;

  /** Channels of a slice at least: kernels take so many side by side. */
  private static final int CHANNELS = 4;

  static WeightSums of(Link link, Tuning tuning) {
    long all = (long) link.weights() * Lanes.COUNT;
    int room = tuning.sumBytes() / Float.BYTES;
    if (all <= room) {
      return new WeightSums(false, (int) all);
    }
    int least = Math.max(room / SLICES, channels(link.primary()));
    return new WeightSums(
        true, link.secondary().map(s -> Math.max(least, channels(s))).orElse(least));
  }

  private static int channels(GroupConvolution convolution) {
    return Math.min(CHANNELS, convolution.groupOutputs()) * convolution.fanIn() * Lanes.COUNT;
  }

  /** Output channels of a partition that are summed up at a time. */
  public int slice(GroupConvolution convolution) {
    return sliced ? floats / Lanes.COUNT / convolution.fanIn() : convolution.groupOutputs();
  }
}
