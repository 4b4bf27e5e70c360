package org.igcnet.cpu.predict;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Ending;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.PlaneConvolution;
import org.igcnet.cpu.kernel.TapWeights;

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
   * @param kernel shared by all partitions that read alike
   * @param from offset of its first input channel
   * @param output its first output channel
   */
  private record Part(PlaneConvolution kernel, TapWeights weights, int from, int output) {}

  /**
   * Partitions by convolution. Arrays, as a list's iterator for each band would be garbage wherever
   * the compiler does not remove it.
   */
  private final Part[][] links;

  private final FeatureMap source;
  private final Plane plane;
  private final Band band;

  /** Where in a thread's memory the outputs of each convolution but the last begin. */
  private final int[] between;

  private final long work;

  /**
   * @param segment the first convolution reads {@code source}, the others are pointwise
   * @param weights the network's, of which copies are made
   * @param source a map, or its phases where the first link has a stride
   * @param to gets the result
   * @param adds whether the result is added to what {@code to} holds
   * @param activation what becomes of the sum
   * @param scratchAt where in a thread's memory scratch begins
   */
  ConvolveStep(
      Segment segment,
      Weights weights,
      FeatureMap source,
      FeatureMap to,
      boolean adds,
      Activation activation,
      int scratchAt) {
    List<FoldedLink> convolutions = segment.links();
    this.source = source;
    this.plane = to.plane();
    this.band = Band.of(convolutions, plane);
    this.between = new int[convolutions.size() - 1];
    this.links = new Part[convolutions.size()][];
    int at = scratchAt;
    long multiplyAdds = 0;
    for (int i = 0; i < links.length; i++) {
      FoldedLink link = convolutions.get(i);
      GroupConvolution convolution = link.convolution();
      int stride = convolution.stride();
      int[] taps = i == 0 ? plane.taps(convolution.kernel(), stride) : new int[1];
      int channelStep = i == 0 ? stride * stride * plane.floats() : band.step();
      Ending ending;
      if (i < between.length) {
        between[i] = at;
        ending = Ending.sums(places(at, Band.outputs(link)));
        at += Band.outputs(link) * band.step();
      } else {
        ending = ending(segment, weights, to, adds, activation);
      }
      links[i] = parts(link, segment.fold(i, weights), taps, channelStep, ending);
      multiplyAdds += convolution.weights();
    }
    this.work = multiplyAdds * plane.vectors() * Lanes.COUNT;
  }

  private static Ending ending(
      Segment segment, Weights weights, FeatureMap to, boolean adds, Activation activation) {
    float[] shifts = segment.shifts(weights);
    int[] places = new int[shifts.length];
    Arrays.setAll(places, output -> to.index(segment.writes().at(output)));
    float[] floor = to.plane().floor(activation.floor);
    return adds ? Ending.added(places, shifts, floor) : Ending.activated(places, shifts, floor);
  }

  /** Of channels one after the other in scratch memory. */
  private int[] places(int first, int channels) {
    int[] places = new int[channels];
    Arrays.setAll(places, channel -> first + channel * band.step());
    return places;
  }

  /** The partitions; those whose channels lie alike, mostly all, share a kernel. */
  private static Part[] parts(
      FoldedLink link, float[] weights, int[] taps, int channelStep, Ending ending) {
    GroupConvolution convolution = link.convolution();
    int inputs = convolution.groupInputs();
    int outputs = convolution.groupOutputs();
    Map<List<Integer>, PlaneConvolution> kernels = new HashMap<>();
    Part[] parts = new Part[convolution.groups()];
    for (int group = 0; group < parts.length; group++) {
      int first = link.source(group * inputs);
      int[] places = new int[inputs * taps.length];
      for (int i = 0; i < places.length; i++) {
        int channel = link.source(group * inputs + i / taps.length) - first;
        places[i] = channel * channelStep + taps[i % taps.length];
      }
      PlaneConvolution kernel =
          kernels.computeIfAbsent(
              Arrays.stream(places).boxed().toList(),
              _ -> new PlaneConvolution(places, outputs, ending));
      TapWeights packed = kernel.pack(weights, group * outputs * places.length);
      parts[group] = new Part(kernel, packed, first * channelStep, group * outputs);
    }
    return parts;
  }

  @Override
  public int pieces() {
    return Math.ceilDiv(plane.vectors(), PlaneConvolution.PIECE);
  }

  @Override
  public long work() {
    return work;
  }

  @Override
  public void run(float[] maps, float[] scratch, int first, int end) {
    int last = Math.min(end * PlaneConvolution.PIECE, plane.vectors());
    for (int vector = first * PlaneConvolution.PIECE; vector < last; vector += band.vectors()) {
      band(maps, scratch, vector * Lanes.COUNT, Math.min(band.vectors(), last - vector));
    }
  }

  private void band(float[] maps, float[] scratch, int position, int vectors) {
    float[] from = maps;
    int at = source.index(0) + position;
    for (int i = 0; i < between.length; i++) {
      convolve(links[i], from, at, scratch, 0, vectors);
      from = scratch;
      at = between[i];
    }
    convolve(links[between.length], from, at, maps, position, vectors);
  }

  private static void convolve(
      Part[] parts, float[] from, int at, float[] to, int position, int vectors) {
    for (Part part : parts) {
      part.kernel.run(from, at + part.from, part.weights, part.output, to, position, vectors);
    }
  }
}
