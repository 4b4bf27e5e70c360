package org.igcnet.cpu;

import java.util.Arrays;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.TapGradient;

/**
 * How a thread sums up the gradient of a unit's weights before the lanes are added: a vector for
 * each weight of the unit over a whole task or, where these are too many for the cache, for each
 * weight of some output channels of a partition over one strip.
 *
 * @param sliced which of the two
 * @param floats room for the vectors
 */
record WeightSums(boolean sliced, int floats) {
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

  /** A task begins. */
  void begin(float[] scratch, int at) {
    if (!sliced) {
      Arrays.fill(scratch, at, at + floats, 0);
    }
  }

  /**
   * Adds what a strip has for one partition's weights.
   *
   * @param weight the partition's first weight, among all of the unit
   * @param gradientAt where the gradient of the partition's first output channel begins
   * @param channelStep floats between two output channels' gradients
   * @param from has the partition's input
   * @param inAt where that begins
   * @param at where the vectors stand in the thread's memory
   * @param partials the task's sums, which get those of a slice; from {@code partialAt} on
   */
  void add(
      TapGradient kernel,
      GroupConvolution convolution,
      int weight,
      float[] scratch,
      int gradientAt,
      int channelStep,
      float[] from,
      int inAt,
      int rows,
      int columns,
      int at,
      float[] partials,
      int partialAt) {
    int outputs = convolution.groupOutputs();
    if (!sliced) {
      int to = at + weight * Lanes.COUNT;
      kernel.run(outputs, scratch, gradientAt, from, inAt, scratch, to, rows, columns);
      return;
    }
    int inputs = convolution.fanIn();
    int most = floats / Lanes.COUNT / inputs;
    for (int first = 0; first < outputs; first += most) {
      int count = Math.min(most, outputs - first);
      int gradient = gradientAt + first * channelStep;
      Arrays.fill(scratch, at, at + count * inputs * Lanes.COUNT, 0);
      kernel.run(count, scratch, gradient, from, inAt, scratch, at, rows, columns);
      int to = partialAt + weight + first * inputs;
      TapGradient.sumLanes(scratch, at, count * inputs, partials, to);
    }
  }

  /** A task ends: its sums get what is not there yet. */
  void finish(float[] scratch, int at, float[] partials, int partialAt) {
    if (!sliced) {
      TapGradient.sumLanes(scratch, at, floats / Lanes.COUNT, partials, partialAt);
    }
  }
}
