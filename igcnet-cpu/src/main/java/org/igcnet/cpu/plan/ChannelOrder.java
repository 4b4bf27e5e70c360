package org.igcnet.cpu.plan;

import java.util.Arrays;
import org.igcnet.arch.Operation.Interleave;

/**
 * Where the channels of a convolution stand in memory. Permutations cost nothing this way: no
 * channel is ever moved.
 */
public final class ChannelOrder {
  private final int[] places;

  private ChannelOrder(int[] places) {
    this.places = places;
  }

  /** Every channel in its own place. */
  public static ChannelOrder identity(int channels) {
    int[] places = new int[channels];
    Arrays.setAll(places, channel -> channel);
    return new ChannelOrder(places);
  }

  /**
   * The order in which secondary partitions take the channels of primary ones: the l-th of
   * partition m is channel l·M + m.
   */
  static ChannelOrder interleaved(int l, int m) {
    int[] places = new int[l * m];
    Arrays.setAll(places, channel -> channel % l * m + channel / l);
    return new ChannelOrder(places);
  }

  /** For a convolution that reads what an interleaving makes of channels in this order. */
  ChannelOrder readThrough(Interleave interleave) {
    int[] read = new int[places.length];
    for (int channel = 0; channel < places.length; channel++) {
      read[interleave.moved(channel)] = places[channel];
    }
    return new ChannelOrder(read);
  }

  /** For a convolution that writes in this order what an interleaving then moves. */
  ChannelOrder writtenThrough(Interleave interleave) {
    return new ChannelOrder(Arrays.stream(places).map(interleave::moved).toArray());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelOrder order && Arrays.equals(places, order.places);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(places);
  }

  /** The place of a channel. */
  public int at(int channel) {
    return places[channel];
  }

  /** The distance between the places of neighbouring channels, which is one for all of a group. */
  public int step(int groupChannels) {
    int step = groupChannels == 1 ? 1 : places[1] - places[0];
    for (int channel = 0; channel < places.length; channel++) {
      if (places[channel]
          != places[channel / groupChannels * groupChannels] + channel % groupChannels * step) {
        throw new IllegalArgumentException(
            "a partition of %d channels is torn apart by %s"
                .formatted(groupChannels, Arrays.toString(places)));
      }
    }
    return step;
  }
}
