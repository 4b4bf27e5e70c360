package org.igcnet.cpu.kernel;

/**
 * The distances in a strip of feature maps, in floats.
 *
 * @param channel between a channel and the next that one call works on
 * @param row between rows
 * @param column between columns
 */
public record Steps(int channel, int row, int column) {}
