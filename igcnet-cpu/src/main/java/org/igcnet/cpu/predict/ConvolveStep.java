package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Ending;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Partition;
import org.igcnet.cpu.kernel.PlaneConvolution;

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
   * Those of each link: one for all partitions that read alike, which mostly all do. Arrays, as a
   * list's iterator for each band would be garbage wherever the compiler does not remove it.
   */
  private final PlaneConvolution[][] links;

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
    this.links = new PlaneConvolution[convolutions.size()][];
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
      links[i] = kernels(link, segment.fold(i, weights), taps, channelStep, ending);
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

  private static PlaneConvolution[] kernels(
      FoldedLink link, float[] weights, int[] taps, int channelStep, Ending ending) {
    GroupConvolution convolution = link.convolution();
    int inputs = convolution.groupInputs();
    int outputs = convolution.groupOutputs();
    Map<List<Integer>, List<Partition>> alike = new LinkedHashMap<>();
    for (int group = 0; group < convolution.groups(); group++) {
      int first = link.source(group * inputs);
      List<Integer> places = new ArrayList<>();
      for (int input = group * inputs; input < (group + 1) * inputs; input++) {
        for (int tap : taps) {
          places.add((link.source(input) - first) * channelStep + tap);
        }
      }
      alike
          .computeIfAbsent(places, _ -> new ArrayList<>())
          .add(new Partition(first * channelStep, group * outputs));
    }
    return alike.entrySet().stream()
        .map(
            entry -> {
              int[] places = entry.getKey().stream().mapToInt(Integer::intValue).toArray();
              return new PlaneConvolution(places, outputs, entry.getValue(), weights, ending);
            })
        .toArray(PlaneConvolution[]::new);
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
      for (PlaneConvolution kernel : links[i]) {
        kernel.run(from, at, scratch, 0, vectors);
      }
      from = scratch;
      at = between[i];
    }
    for (PlaneConvolution kernel : links[between.length]) {
      kernel.run(from, at, maps, position, vectors);
    }
  }
}
