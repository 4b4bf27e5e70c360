package org.igcnet.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.StemPool;
import org.igcnet.engine.ConvolveStep.Activation;
import org.igcnet.engine.kernel.Lanes;

/** Makes the steps of an {@link InferencePlan}, and finds places for the maps that they write. */
final class InferencePlanner {
  /** Maps of one size share their border, so that a stride of 1 leaves positions where they are. */
  private record Size(int height, int width) {}

  /** An array of half a heap region begins where vectors lie within cache lines. */
  private static final int ALIGNED_FLOATS = 1 << 17;

  private final Map<Size, Plane> planes = new HashMap<>();
  private final Map<ConvUnit, FoldedUnit> units = new HashMap<>();
  private final MapMemory maps = new MapMemory();
  private final List<InferenceStep> steps = new ArrayList<>();
  private final FeatureMap input;
  private final ClassifyStep head;
  private final int floats;

  InferencePlanner(Architecture architecture, Weights weights) {
    for (ConvUnit unit : architecture.units()) {
      FoldedUnit folded = FoldedUnit.of(unit, weights);
      units.put(unit, folded);
      ImageShape shape = unit.input();
      for (FoldedLink link : folded.links()) {
        GroupConvolution convolution = link.convolution();
        need(shape, convolution.output(shape), convolution.kernel(), convolution.stride());
        shape = convolution.output(shape);
      }
    }
    architecture
        .pool()
        .ifPresent(pool -> need(pool.input(), pool.output(), StemPool.KERNEL, StemPool.STRIDE));
    ImageShape image = architecture.input();
    this.input = maps.take(plane(image), image.channels());
    FeatureMap stem = unit(architecture.stem(), input, Optional.empty(), Activation.RELU);
    FeatureMap last = architecture.pool().map(pool -> pool(pool, stem)).orElse(stem);
    for (Block block : architecture.blocks()) {
      last = block(block, last);
    }
    this.head = new ClassifyStep(architecture.head(), last, weights);
    this.floats = placeScratch();
  }

  /** Makes borders as wide as a kernel needs them. */
  private void need(ImageShape input, ImageShape output, Kernel kernel, int stride) {
    need(input, 0, 0);
    need(output, Math.ceilDiv(kernel.padRows(), stride), Math.ceilDiv(kernel.padColumns(), stride));
  }

  private void need(ImageShape shape, int padRows, int padColumns) {
    planes.merge(
        new Size(shape.height(), shape.width()),
        new Plane(shape.height(), shape.width(), padRows, padColumns),
        (a, b) ->
            new Plane(
                a.height(),
                a.width(),
                Math.max(a.padRows(), b.padRows()),
                Math.max(a.padColumns(), b.padColumns())));
  }

  private Plane plane(ImageShape shape) {
    Plane plane = planes.get(new Size(shape.height(), shape.width()));
    if (plane == null) {
      throw new IllegalArgumentException("no convolution reads or writes " + shape);
    }
    return plane;
  }

  private FeatureMap pool(StemPool pool, FeatureMap source) {
    FeatureMap to = maps.take(plane(pool.output()), source.channels());
    FeatureMap phases = phases(source, StemPool.STRIDE, to.plane());
    steps.add(new PoolStep(phases, to, StemPool.KERNEL, StemPool.STRIDE));
    maps.release(phases);
    maps.release(source);
    return to;
  }

  private FeatureMap block(Block block, FeatureMap source) {
    return switch (block) {
      case Block.Plain(ConvUnit unit) -> {
        FeatureMap output = unit(unit, source, Optional.empty(), Activation.RELU);
        maps.release(source);
        yield output;
      }
      case Block.Residual(ConvUnit first, ConvUnit second, Optional<ConvUnit> projection) -> {
        FeatureMap shortcut =
            projection
                .map(unit -> unit(unit, source, Optional.empty(), Activation.LINEAR))
                .orElse(source);
        FeatureMap middle = unit(first, source, Optional.empty(), Activation.RELU);
        FeatureMap output = unit(second, middle, Optional.of(shortcut), Activation.RELU);
        maps.release(middle);
        if (projection.isPresent()) {
          maps.release(source);
        }
        yield output;
      }
    };
  }

  /**
   * The steps of a unit: a convolution and the pointwise ones after it are one, unless a ReLU
   * stands between them.
   *
   * @param addend what the result is added to, in place
   */
  private FeatureMap unit(
      ConvUnit unit, FeatureMap source, Optional<FeatureMap> addend, Activation activation) {
    FoldedUnit folded = Objects.requireNonNull(units.get(unit));
    List<FoldedLink> links = folded.links();
    ImageShape shape = unit.input();
    FeatureMap from = source;
    int begin = 0;
    for (int end = segmentEnd(links, begin); end < links.size(); end = segmentEnd(links, begin)) {
      List<FoldedLink> segment = links.subList(begin, end);
      shape = segment.getFirst().convolution().output(shape);
      FoldedLink last = segment.getLast();
      FeatureMap to = maps.take(plane(shape), last.convolution().outputChannels());
      Activation between = last.rectified() ? Activation.RELU : Activation.LINEAR;
      convolve(FoldedUnit.plain(segment), from, to, false, between);
      if (begin > 0) {
        maps.release(from);
      }
      from = to;
      begin = end;
    }
    FoldedUnit rest = folded.from(begin);
    shape = rest.links().getFirst().convolution().output(shape);
    Plane plane = plane(shape);
    FeatureMap to = addend.orElseGet(() -> maps.take(plane, unit.output().channels()));
    convolve(rest, from, to, addend.isPresent(), activation);
    if (begin > 0) {
      maps.release(from);
    }
    return to;
  }

  private static int segmentEnd(List<FoldedLink> links, int begin) {
    int end = begin + 1;
    while (end < links.size() && links.get(end).pointwise() && !links.get(end - 1).rectified()) {
      end++;
    }
    return end;
  }

  private void convolve(
      FoldedUnit links, FeatureMap source, FeatureMap to, boolean adds, Activation activation) {
    int stride = links.links().getFirst().convolution().stride();
    if (stride == 1) {
      steps.add(new ConvolveStep(links, source, to, adds, activation));
      return;
    }
    FeatureMap phases = phases(source, stride, to.plane());
    steps.add(new ConvolveStep(links, phases, to, adds, activation));
    maps.release(phases);
  }

  private FeatureMap phases(FeatureMap source, int stride, Plane plane) {
    FeatureMap phases = maps.take(plane, source.channels() * stride * stride);
    steps.add(new PhaseStep(source, phases, stride));
    return phases;
  }

  /** Scratch memory follows the maps, and is never less than what may be read beyond one. */
  private int placeScratch() {
    int at = Math.toIntExact(maps.floats());
    int most = Math.max(head.scratch(), 2 * Lanes.COUNT);
    head.placeScratch(at);
    for (InferenceStep step : steps) {
      if (step instanceof ConvolveStep convolve) {
        convolve.placeScratch(at);
        most = Math.max(most, convolve.scratch());
      }
    }
    return Math.max(
        ALIGNED_FLOATS, Tensor.length((long) at + most, "the feature maps of one image"));
  }

  List<InferenceStep> steps() {
    return List.copyOf(steps);
  }

  FeatureMap input() {
    return input;
  }

  ClassifyStep head() {
    return head;
  }

  /** Floats of a thread's memory. */
  int floats() {
    return floats;
  }
}
