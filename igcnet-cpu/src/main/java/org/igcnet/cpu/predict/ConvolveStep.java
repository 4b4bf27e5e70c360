package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Planes;
import org.igcnet.cpu.kernel.Steps;
import org.igcnet.cpu.memory.GroupKernel;
import org.igcnet.cpu.plan.ChannelOrder;
import org.igcnet.cpu.plan.WeightOrder;

/**
 * A convolution and the pointwise ones after it, batch norm's shift, a residual sum and the ReLU:
 * band by band of positions, so that what lies between the convolutions stays in cache.
 */
final class ConvolveStep implements InferenceStep {
  /** What is written. */
  enum Activation {
    LINEAR(Float.NEGATIVE_INFINITY),
    RELU(0);

    private final float floor;

    Activation(float floor) {
      this.floor = floor;
    }
  }

  /**
   * One partition of a convolution.
   *
   * @param kernel with the weights of all partitions that read alike
   * @param index which of them
   * @param from offset of its first input channel
   * @param output its first output channel
   */
  private record Part(GroupKernel kernel, int index, int from, int output) {}

  /**
   * Partitions by convolution. Arrays, as a list's iterator for each band would be garbage wherever
   * the compiler does not remove it.
   */
  private final Part[][] links;

  private final ChannelOrder writes;
  private final float[] shifts;
  private final Planes planes;
  private final FeatureMap source;
  private final FeatureMap to;
  private final boolean adds;
  private final int band;
  private final int step;
  private final int outputs;
  private final int[] scratchAt;
  private final long work;

  /**
   * @param segment the first convolution reads {@code source}, the others are pointwise
   * @param weights the network's, of which copies are made
   * @param source a map, or its phases where the first link has a stride
   * @param to gets the result
   * @param adds whether the result is added to what {@code to} holds
   * @param activation what becomes of the sum
   * @param scratchFrom where in a thread's memory scratch begins
   */
  ConvolveStep(
      Segment segment,
      Weights weights,
      FeatureMap source,
      FeatureMap to,
      boolean adds,
      Activation activation,
      int scratchFrom) {
    List<FoldedLink> convolutions = segment.links();
    this.writes = segment.writes();
    this.shifts = segment.shifts(weights);
    this.planes = new Planes(to.plane().floor(activation.floor));
    this.source = source;
    this.to = to;
    this.adds = adds;
    Plane plane = to.plane();
    this.outputs = Band.last(convolutions);
    Band fitting = Band.of(convolutions, plane);
    this.band = fitting.vectors();
    this.step = fitting.step();
    this.scratchAt = new int[convolutions.size()];
    int at = scratchFrom;
    for (int i = 0; i < convolutions.size(); i++) {
      scratchAt[i] = at;
      at += Band.outputs(convolutions.get(i)) * step;
    }
    this.links = new Part[convolutions.size()][];
    long multiplyAdds = 0;
    for (int i = 0; i < convolutions.size(); i++) {
      FoldedLink link = convolutions.get(i);
      GroupConvolution convolution = link.convolution();
      int stride = convolution.stride();
      float[] values = segment.fold(i, weights);
      this.links[i] =
          i == 0
              ? parts(
                  link,
                  values,
                  plane.taps(convolution.kernel(), stride),
                  stride * stride * plane.floats())
              : parts(link, values, new int[1], step);
      multiplyAdds += convolution.weights();
    }
    this.work = multiplyAdds * plane.vectors() * Lanes.COUNT;
  }

  /** The partitions; those whose channels lie alike, mostly all, share a kernel. */
  private Part[] parts(FoldedLink link, float[] weights, int[] taps, int channelStep) {
    GroupConvolution convolution = link.convolution();
    int inputs = convolution.groupInputs();
    Map<List<Integer>, List<Integer>> alike = new LinkedHashMap<>();
    for (int group = 0; group < convolution.groups(); group++) {
      int first = link.source(group * inputs);
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < inputs; i++) {
        for (int tap : taps) {
          places.add((link.source(group * inputs + i) - first) * channelStep + tap);
        }
      }
      alike.computeIfAbsent(places, _ -> new ArrayList<>()).add(group);
    }
    List<Part> parts = new ArrayList<>();
    alike.forEach(
        (places, groups) -> {
          GroupKernel kernel = kernel(link.convolution(), weights, places, groups);
          for (int index = 0; index < groups.size(); index++) {
            int group = groups.get(index);
            int from = link.source(group * inputs) * channelStep;
            parts.add(new Part(kernel, index, from, group * convolution.groupOutputs()));
          }
        });
    return parts.toArray(Part[]::new);
  }

  private GroupKernel kernel(
      GroupConvolution convolution, float[] all, List<Integer> places, List<Integer> groups) {
    int count = convolution.weights() / convolution.groups();
    int taps = places.size();
    GroupKernel kernel =
        new GroupKernel(
            new WeightOrder(groups.size(), count, convolution.groupOutputs(), taps),
            places.stream().mapToInt(Integer::intValue).toArray(),
            WeightOrder.inOrder(taps, 1),
            new Steps(0, 0, Lanes.COUNT),
            new Steps(step, 0, Lanes.COUNT));
    float[] weights = new float[groups.size() * count];
    for (int index = 0; index < groups.size(); index++) {
      System.arraycopy(all, groups.get(index) * count, weights, index * count, count);
    }
    kernel.pack(weights, 0);
    return kernel;
  }

  @Override
  public int pieces() {
    return Math.ceilDiv(to.plane().vectors(), Band.PIECE);
  }

  @Override
  public long work() {
    return work;
  }

  @Override
  public void run(float[] maps, float[] scratch, int first, int end) {
    int last = Math.min(end * Band.PIECE, to.plane().vectors());
    for (int vector = first * Band.PIECE; vector < last; vector += band) {
      band(maps, scratch, vector * Lanes.COUNT, Math.min(band, last - vector));
    }
  }

  private void band(float[] maps, float[] scratch, int position, int vectors) {
    float[] from = maps;
    int at = source.index(0) + position;
    int last = links.length - 1;
    for (int i = 0; i < last; i++) {
      for (Part part : links[i]) {
        int y = scratchAt[i] + part.output * step;
        part.kernel.run(part.index, from, at + part.from, scratch, y, 1, vectors);
      }
      from = scratch;
      at = scratchAt[i];
    }
    for (Part part : links[last]) {
      int z = scratchAt[last];
      part.kernel.run(part.index, from, at + part.from, scratch, z, 1, vectors);
      for (int output = 0; output < outputs; output++) {
        finish(maps, scratch, z + output * step, part.output + output, position, vectors);
      }
    }
  }

  private void finish(float[] maps, float[] scratch, int z, int output, int position, int vectors) {
    int channel = writes.at(output);
    float shift = shifts[output];
    int into = to.index(channel) + position;
    int length = vectors * Lanes.COUNT;
    if (adds) {
      planes.activateSum(scratch, z, shift, position, maps, into, length);
    } else {
      planes.activate(scratch, z, shift, position, maps, into, length);
    }
  }
}
