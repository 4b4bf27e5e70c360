package org.igcnet.cpu.kernel;

/**
 * A partition of a group convolution on planes.
 *
 * @param input where its first input channel lies
 * @param output its first output channel
 */
public record Partition(int input, int output) {}
