package org.igcnet.cpu.predict;

/**
 * Feature maps of one image in a thread's memory.
 *
 * @param plane of each channel
 * @param channels number of channels
 * @param at where the first channel's plane begins
 */
record FeatureMap(Plane plane, int channels, int at) {
  /** Where row 0, column 0 of a channel stands. */
  int index(int channel) {
    return at + channel * plane.floats() + plane.origin();
  }

  int floats() {
    return channels * plane.floats();
  }
}
