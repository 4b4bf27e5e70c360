package org.igcnet.cpu.predict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
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

/** Makes the steps of an {@link InferencePlan}, and finds places for the maps that they write. */
final class InferencePlanner {
  /** Maps of one size share their border, so that a stride of 1 leaves positions where they are. */
  private record Size(int height, int width) {}

  private final Map<Size, Plane> planes = new HashMap<>();
  private final MapMemory memory = new MapMemory();

  /** What is written so far and still read, by name. */
  private final Map<String, FeatureMap> maps = new HashMap<>();

  /** How many steps are still to read a map. */
  private final Map<String, Integer> readers;

  /** The steps, once it is known where scratch memory begins: behind the maps. */
  private final List<IntFunction<InferenceStep>> makers = new ArrayList<>();

  private final FeatureMap input;
  private final Classifier classifier;
  private final Weights weights;

  /** Floats of scratch memory that a step needs at most. */
  private int scratch;

  /** Bytes of weights as they are folded, and as kernels want them. */
  private long folded;

  private long packed;

  /** Bytes of the planes that say where borders are. */
  private long floors;

  InferencePlanner(Architecture architecture, Weights weights) {
    Fusion fusion = Fusion.of(architecture);
    Map<Unit, FoldedUnit> units = new HashMap<>();
    fusion.units().forEach(unit -> units.put(unit, FoldedUnit.of(unit, weights)));
    this.readers = fusion.readers();
    fusion.steps().forEach(step -> needBorders(step, units));
    ImageShape image = architecture.input();
    this.input = memory.take(plane(image), image.channels());
    maps.put(Graph.IMAGE, input);
    for (Fused step : fusion.steps()) {
      switch (step) {
        case Unit unit -> maps.put(unit.output(), unit(unit, folded(units, unit)));
        case Pool pool -> maps.put(pool.output(), pool(pool));
        case Excite excite -> maps.put(excite.output(), excite(excite, weights));
        case Classifier _ -> {
          // comes last, and writes no map
        }
      }
    }
    this.classifier = fusion.classifier();
    this.weights = weights;
    need(classifier.head());
  }

  /** What the final layer takes. */
  private void need(Head head) {
    int vectors = Math.ceilDiv(head.classes(), Lanes.COUNT) * Lanes.COUNT;
    scratch = Math.max(scratch, TapCost.weights(head.features()) + vectors);
    packed += MemoryPlan.floats((long) head.features() * vectors);
  }

  /** Makes borders as wide as a step needs them. */
  private void needBorders(Fused step, Map<Unit, FoldedUnit> units) {
    switch (step) {
      case Unit unit -> {
        ImageShape shape = unit.from();
        for (FoldedLink link : folded(units, unit).links()) {
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

  private static FoldedUnit folded(Map<Unit, FoldedUnit> units, Unit unit) {
    return Objects.requireNonNull(units.get(unit), unit::name);
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
    makers.add(_ -> new PoolStep(phases, to, pool.operation().kernel(), stride));
    floors += floor(to.plane());
    memory.release(phases);
    read(pool.input());
    return to;
  }

  /** Scales a map in place. */
  private FeatureMap excite(Excite excite, Weights weights) {
    FeatureMap map = take(excite.input());
    Plane position = plane(ExciteStep.MEANS);
    FeatureMap squeezed = memory.take(position, excite.squeeze().output().channels());
    FeatureMap factors = memory.take(position, map.channels());
    InferenceStep factorStep = ExciteStep.of(excite, weights, map, squeezed, factors);
    makers.add(_ -> factorStep);
    makers.add(_ -> new ScaleStep(map, factors));
    memory.release(squeezed);
    memory.release(factors);
    packed += MemoryPlan.floats(excite.weights());
    return map;
  }

  /**
   * The steps of a unit: a convolution and the pointwise ones after it are one, unless a ReLU
   * stands between them. What a sum adds is added to in place.
   */
  private FeatureMap unit(Unit unit, FoldedUnit folded) {
    List<FoldedLink> links = folded.links();
    ImageShape shape = unit.from();
    FeatureMap from = map(unit.input());
    int begin = 0;
    for (int end = segmentEnd(links, begin); end < links.size(); end = segmentEnd(links, begin)) {
      List<FoldedLink> segment = links.subList(begin, end);
      shape = segment.getFirst().convolution().output(shape);
      FoldedLink last = segment.getLast();
      FeatureMap to = memory.take(plane(shape), last.convolution().outputChannels());
      convolve(FoldedUnit.plain(segment), from, to, false, activation(last.rectified()));
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
    convolve(folded.from(begin), from, to, adds, activation(unit.rectified()));
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
      FoldedUnit links, FeatureMap source, FeatureMap to, boolean adds, Activation activation) {
    need(links.links(), to.plane());
    int stride = links.links().getFirst().convolution().stride();
    if (stride == 1) {
      makers.add(at -> new ConvolveStep(links, source, to, adds, activation, at));
      return;
    }
    FeatureMap phases = phases(source, stride, to.plane());
    makers.add(at -> new ConvolveStep(links, phases, to, adds, activation, at));
    memory.release(phases);
  }

  /** What convolutions take that are one step. */
  private void need(List<FoldedLink> links, Plane plane) {
    scratch = Math.max(scratch, Band.of(links, plane).scratch());
    floors += floor(plane);
    for (FoldedLink link : links) {
      GroupConvolution convolution = link.convolution();
      folded += MemoryPlan.floats(convolution.weights());
      packed +=
          MemoryPlan.floats(
              (long) convolution.outputChannels() * TapCost.weights(convolution.fanIn()));
    }
  }

  private static long floor(Plane plane) {
    return MemoryPlan.floats((long) plane.vectors() * Lanes.COUNT);
  }

  private FeatureMap phases(FeatureMap source, int stride, Plane plane) {
    FeatureMap phases = memory.take(plane, source.channels() * stride * stride);
    makers.add(_ -> new PhaseStep(source, phases, stride));
    return phases;
  }

  /** Where in a thread's memory scratch begins: behind the maps. */
  private int scratchAt() {
    return MemoryPlan.length(memory.floats(), "the feature maps of one image");
  }

  /** Makes the steps, with kernels and their weights. */
  List<InferenceStep> makeSteps() {
    return makers.stream().map(maker -> maker.apply(scratchAt())).toList();
  }

  /** Makes the last step. */
  ClassifyStep makeHead() {
    return new ClassifyStep(classifier.head(), map(classifier.input()), weights, scratchAt());
  }

  FeatureMap input() {
    return input;
  }

  /**
   * Floats of a thread's memory, scratch included, which is never less than what may be read beyond
   * a map.
   */
  int floats() {
    long all = (long) scratchAt() + Math.max(scratch, 2 * Lanes.COUNT);
    return Math.max(Lanes.LARGE, MemoryPlan.length(all, "the feature maps of one image"));
  }

  /** What a plan takes, known before kernels are made. */
  MemoryPlan memory(int threads) {
    return new MemoryPlan(
        List.of(
            new Part(
                "feature maps of an image, for each thread", threads * MemoryPlan.floats(floats())),
            new Part("weights", folded),
            new Part("weights as kernels want them", packed),
            new Part("borders", floors)));
  }
}
