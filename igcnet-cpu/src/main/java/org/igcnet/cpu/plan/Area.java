package org.igcnet.cpu.plan;

import org.igcnet.cpu.kernel.Lanes;

/**
 * A part of a thread's memory: rows of channels.
 *
 * @param at where the first channel begins
 * @param channelStep floats from channel to channel
 * @param rowStep floats from row to row of a channel
 */
public record Area(int at, int channelStep, int rowStep) {
  /** Where a channel begins. */
  public int index(int channel) {
    return at + channel * channelStep;
  }

  /** Where a position of a channel is. */
  public int index(int channel, int row, int column) {
    return at + channel * channelStep + row * rowStep + column * Lanes.COUNT;
  }
}
