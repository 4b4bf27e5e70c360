package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.MemoryPlan.Part;
import org.igcnet.backend.Weights;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.TapCost;
import org.igcnet.cpu.plan.Fused;
import org.igcnet.cpu.plan.Fused.Classifier;
import org.igcnet.cpu.plan.Fused.Excite;
import org.igcnet.cpu.plan.Fused.Pool;
import org.igcnet.cpu.plan.Fused.Unit;
import org.igcnet.cpu.plan.Fusion;
import org.igcnet.cpu.predict.ConvolveStep.Activation;

/**
 * Plans the steps of an {@link InferencePlan}, and finds places for the maps that they write. It
 * looks at shapes only, so that networks can be planned whose weights no memory holds.
 */
final class InferencePlanner {
  /** Makes a step, once it is known where scratch memory begins: behind the maps. */
  @FunctionalInterface
  private interface StepMaker {
    InferenceStep make(Weights weights, int scratchAt);
  }

  /** Maps of one size share their border, so that a stride of 1 leaves positions where they are. */
  private record Size(int height, int width) {}

  /** Where a tap lies, as a kernel runs and as it was described, and where its weight does. */
  private static final long NUMBERS_OF_A_TAP = 3;

  private final Map<Size, Plane> planes = new HashMap<>();
  private final MapMemory memory = new MapMemory();

  /** What is written so far and still read, by name. */
  private final Map<String, FeatureMap> maps = new HashMap<>();

  /** How many steps are still to read a map. */
  private final Map<String, Integer> readers;

  private final List<StepMaker> makers = new ArrayList<>();

  private final Architecture architecture;
  private final FeatureMap input;
  private final Classifier classifier;

  /** Floats of scratch memory that a step needs at most. */
  private int scratch;

  /** Bytes of weights as kernels want them. */
  private long packed;

  /** Bytes of the planes that say where borders are. */
  private long floors;

  InferencePlanner(Architecture architecture) {
    Fusion fusion = Fusion.of(architecture);
    this.architecture = architecture;
    this.readers = fusion.readers();
    fusion.steps().forEach(this::needBorders);
    ImageShape image = architecture.input();
    this.input = memory.take(plane(image), image.channels());
    maps.put(Graph.IMAGE, input);
    for (Fused step : fusion.steps()) {
      switch (step) {
        case Unit unit -> maps.put(unit.output(), unit(unit));
        case Pool pool -> maps.put(pool.output(), pool(pool));
        case Excite excite -> maps.put(excite.output(), excite(excite));
        case Classifier _ -> {
          // comes last, and writes no map
        }
      }
    }
    this.classifier = fusion.classifier();
    need(classifier.head());
  }

  /** What the final layer takes. */
  private void need(Head head) {
    int vectors = Math.ceilDiv(head.classes(), Lanes.COUNT) * Lanes.COUNT;
    scratch = Math.max(scratch, TapCost.weights(head.features()) + vectors);
    packed += MemoryPlan.floats((long) head.features() * vectors);
  }

  /** Makes borders as wide as a step needs them. */
  private void needBorders(Fused step) {
    switch (step) {
      case Unit unit -> {
        ImageShape shape = unit.from();
        for (FoldedLink link : FoldedLink.of(unit)) {
          GroupConvolution convolution = link.convolution();
          need(shape, convolution.output(shape), convolution.kernel(), convolution.stride());
          shape = convolution.output(shape);
        }
      }
      case Pool(MaxPool pool) -> need(pool.from(), pool.output(), pool.kernel(), pool.stride());
      case Excite excite -> need(ExciteStep.MEANS, 0, 0);
      case Classifier _ -> {
        // reads no neighbours
      }
    }
  }

  /** As a kernel needs them. */
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

  private FeatureMap map(String name) {
    return Objects.requireNonNull(maps.get(name), name);
  }

  /** A step has read a map, whose memory is free after the last one. */
  private void read(String name) {
    if (readers.merge(name, -1, Integer::sum) == 0) {
      memory.release(map(name));
    }
  }

  /** A map that a sum is written over; the sum is the last to read it. */
  private FeatureMap take(String summand) {
    if (readers.merge(summand, -1, Integer::sum) > 0) {
      throw new IllegalArgumentException(summand + " is read after a sum is written over it");
    }
    return map(summand);
  }

  private FeatureMap pool(Pool pool) {
    FeatureMap source = map(pool.input());
    FeatureMap to = memory.take(plane(pool.to()), source.channels());
    int stride = pool.operation().stride();
    FeatureMap phases = phases(source, stride, to.plane());
    makers.add((_, _) -> new PoolStep(phases, to, pool.operation().kernel(), stride));
    floors += floor(to.plane());
    memory.release(phases);
    read(pool.input());
    return to;
  }

  /** Scales a map in place. */
  private FeatureMap excite(Excite excite) {
    FeatureMap map = take(excite.input());
    Plane position = plane(ExciteStep.MEANS);
    FeatureMap squeezed = memory.take(position, excite.squeeze().output().channels());
    FeatureMap factors = memory.take(position, map.channels());
    makers.add((weights, _) -> ExciteStep.of(excite, weights, map, squeezed, factors));
    makers.add((_, _) -> new ScaleStep(map, factors));
    memory.release(squeezed);
    memory.release(factors);
    packed += MemoryPlan.floats(excite.weights());
    return map;
  }

  /**
   * The steps of a unit: a convolution and the pointwise ones after it are one, unless a ReLU
   * stands between them. What a sum adds is added to in place.
   */
  private FeatureMap unit(Unit unit) {
    List<FoldedLink> links = FoldedLink.of(unit);
    ImageShape shape = unit.from();
    FeatureMap from = map(unit.input());
    int begin = 0;
    for (int end = segmentEnd(links, begin); end < links.size(); end = segmentEnd(links, begin)) {
      List<FoldedLink> segment = links.subList(begin, end);
      shape = segment.getFirst().convolution().output(shape);
      FoldedLink last = segment.getLast();
      FeatureMap to = memory.take(plane(shape), last.convolution().outputChannels());
      convolve(Segment.within(segment), from, to, false, activation(last.rectified()));
      if (begin > 0) {
        memory.release(from);
      }
      from = to;
      begin = end;
    }
    Plane plane = plane(unit.to());
    FeatureMap to =
        unit.shortcut().map(this::take).orElseGet(() -> memory.take(plane, unit.to().channels()));
    boolean adds = unit.shortcut().isPresent();
    Segment ending =
        new Segment(
            links.subList(begin, links.size()),
            Optional.of(unit.norm()),
            unit.factors().getLast().writes());
    convolve(ending, from, to, adds, activation(unit.rectified()));
    if (begin > 0) {
      memory.release(from);
    }
    read(unit.input());
    return to;
  }

  private static Activation activation(boolean rectified) {
    return rectified ? Activation.RELU : Activation.LINEAR;
  }

  private static int segmentEnd(List<FoldedLink> links, int begin) {
    int end = begin + 1;
    while (end < links.size()
        && links.get(end).convolution().pointwise()
        && !links.get(end - 1).rectified()) {
      end++;
    }
    return end;
  }

  private void convolve(
      Segment segment, FeatureMap source, FeatureMap to, boolean adds, Activation activation) {
    need(segment.links(), to.plane());
    int stride = segment.links().getFirst().convolution().stride();
    if (stride == 1) {
      makers.add(
          (weights, at) -> new ConvolveStep(segment, weights, source, to, adds, activation, at));
      return;
    }
    FeatureMap phases = phases(source, stride, to.plane());
    makers.add(
        (weights, at) -> new ConvolveStep(segment, weights, phases, to, adds, activation, at));
    memory.release(phases);
  }

  /** What convolutions take that are one step. */
  private void need(List<FoldedLink> links, Plane plane) {
    scratch = Math.max(scratch, Band.of(links, plane).scratch());
    floors += floor(plane);
    for (FoldedLink link : links) {
      GroupConvolution convolution = link.convolution();
      int taps = TapCost.weights(convolution.fanIn());
      packed += MemoryPlan.floats((long) convolution.outputChannels() * taps);
      packed += MemoryPlan.floats(NUMBERS_OF_A_TAP * taps);
    }
  }

  private static long floor(Plane plane) {
    return MemoryPlan.floats((long) plane.vectors() * Lanes.COUNT);
  }

  private FeatureMap phases(FeatureMap source, int stride, Plane plane) {
    FeatureMap phases = memory.take(plane, source.channels() * stride * stride);
    makers.add((_, _) -> new PhaseStep(source, phases, stride));
    return phases;
  }

  /**
   * Makes the steps, with kernels and their weights.
   *
   * @throws org.igcnet.UserError where no array holds the feature maps of one image
   */
  PlannedSteps make(Weights weights) {
    int floats = MemoryPlan.length(threadFloats(), "the feature maps of one image");
    int scratchAt = (int) memory.floats();
    return new PlannedSteps(
        architecture,
        input,
        makers.stream().map(maker -> maker.make(weights, scratchAt)).toList(),
        new ClassifyStep(classifier.head(), map(classifier.input()), weights, scratchAt),
        floats);
  }

  /**
   * Floats of a thread's memory: maps, and scratch, which is never less than what may be read
   * beyond a map.
   */
  private long threadFloats() {
    return Math.max(Lanes.LARGE, memory.floats() + Math.max(scratch, 2 * Lanes.COUNT));
  }

  /** What a plan takes, known before kernels are made. */
  MemoryPlan memory(int threads) {
    return new MemoryPlan(
        List.of(
            new Part(
                "feature maps of an image, for each thread",
                threads * MemoryPlan.floats(threadFloats())),
            new Part("weights as kernels want them", packed),
            new Part("borders", floors)));
  }
}
