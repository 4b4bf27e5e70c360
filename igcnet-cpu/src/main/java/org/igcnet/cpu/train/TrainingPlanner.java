package org.igcnet.cpu.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.igcnet.arch.Graph;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.memory.Parameters;
import org.igcnet.cpu.memory.TaskSums;
import org.igcnet.cpu.memory.Tensor;
import org.igcnet.cpu.plan.BatchLayout;
import org.igcnet.cpu.plan.ConvPlan;
import org.igcnet.cpu.plan.ExcitePlan;
import org.igcnet.cpu.plan.Fused;
import org.igcnet.cpu.plan.Fused.Classifier;
import org.igcnet.cpu.plan.Fused.Excite;
import org.igcnet.cpu.plan.Fused.Pool;
import org.igcnet.cpu.plan.Fused.Unit;
import org.igcnet.cpu.plan.Fusion;
import org.igcnet.cpu.plan.GradientPlan;
import org.igcnet.cpu.plan.GradientPlan.Input;
import org.igcnet.cpu.plan.GradientPlan.Places;
import org.igcnet.cpu.plan.HeadPlan;
import org.igcnet.cpu.plan.Link;
import org.igcnet.cpu.plan.PoolPlan;
import org.igcnet.cpu.plan.Sizes;
import org.igcnet.cpu.plan.Tuning;
import org.igcnet.cpu.train.Activation.Images;
import org.igcnet.cpu.train.Activation.Joined;
import org.igcnet.cpu.train.Activation.NormRelu;
import org.igcnet.cpu.train.Activation.Rectified;
import org.igcnet.cpu.train.Activation.Shortcut;
import org.igcnet.cpu.train.Activation.Stored;
import org.igcnet.cpu.train.ConvPass.Backward;
import org.igcnet.cpu.train.InputGradient.Target;

/** Makes the passes of a network, and gives their maps and gradients memory. */
final class TrainingPlanner {
  private final Parameters parameters;
  private final BatchLayout largest;
  private final Tuning tuning;

  /** Of all norms, one after the other; those of a shortcut are needed beside a trunk's. */
  private final float[] sums;

  private final float[] shortcutSums;
  private final float[] taskSums;
  private final GradientPlan plan;
  private final List<Tensor> slots;

  /** What has memory and is no step's yet, in the order of {@link Sizes#maps}. */
  private final Iterator<Tensor> maps;

  /** What can be read so far, by name. */
  private final Map<String, Activation> activations = new HashMap<>();

  /** The norms of units without a ReLU, by the name of what they write. */
  private final Map<String, Norm> shortcuts = new HashMap<>();

  private final Images images;
  private final List<Pass> passes = new ArrayList<>();
  private final HeadPass head;

  /** Number of passes before the first that learns anything. */
  private final int resting;

  TrainingPlanner(
      Fusion fusion,
      Parameters parameters,
      Set<String> frozen,
      BatchLayout largest,
      Precision precision,
      Sizes sizes,
      Tuning tuning) {
    this.parameters = parameters;
    this.largest = largest;
    this.tuning = tuning;
    this.sums = floats(sizes.sums(), "batch normalisation's sums");
    this.shortcutSums = floats(sizes.sums(), "batch normalisation's sums");
    this.taskSums = floats(sizes.taskSums(), "the sums of the weights' gradients");
    this.plan = GradientPlan.of(fusion, precision);
    this.slots = Tensor.allocate(largest, precision, plan.slots());
    this.maps = Tensor.allocate(largest, precision, Sizes.maps(fusion)).iterator();
    this.images = Images.allocate(largest, fusion.image());
    activations.put(Graph.IMAGE, images);
    boolean learning = false;
    int before = 0;
    for (Fused step : fusion.steps()) {
      learning |= !frozen.containsAll(step.learned());
      switch (step) {
        case Unit unit -> unit(unit);
        case Pool pool -> pool(pool);
        case Excite excite -> excite(excite);
        case Classifier _ -> {
          // comes last, and is no pass over maps
        }
      }
      before = learning ? before : passes.size();
    }
    this.resting = before;
    this.head = head(fusion.classifier());
  }

  private static float[] floats(long count, String what) {
    return new float[MemoryPlan.length(count, what)];
  }

  private Tensor map(ImageShape shape) {
    Tensor next = maps.next();
    if (!next.shape().equals(shape)) {
      throw new IllegalStateException(next.shape() + " comes before " + shape);
    }
    return next;
  }

  private Activation activation(String name) {
    return Objects.requireNonNull(activations.get(name), name);
  }

  private void unit(Unit unit) {
    List<Link> links = Link.of(unit);
    Places places = plan.of(unit.output());
    Activation source = activation(unit.input());
    Optional<Target> target = places.input().map(input -> target(input, unit.from()));
    for (int i = 0; i < links.size() - 1; i++) {
      Link link = links.get(i);
      Tensor raw = map(link.output());
      Tensor gradient = slots.get(places.between().get(i)).as(link.output());
      conv(link, source, new Output.Raw(raw), new Backward(gradient, target, taskSums));
      boolean rectified = links.get(i + 1).first().rectified();
      source = rectified ? new Rectified(raw) : new Stored(raw);
      // Between two convolutions of a product there is no norm.
      target = Optional.of(new Target(gradient, null, rectified));
    }
    Norm norm =
        new Norm(
            unit.norm(),
            parameters,
            map(unit.to()),
            largest.groups(),
            unit.rectified() ? sums : shortcutSums);
    Tensor gradient = slots.get(places.output()).as(unit.to());
    conv(links.getLast(), source, norm, new Backward(gradient, target, taskSums));
    finish(unit, norm);
  }

  private void conv(Link link, Activation source, Output output, Backward backward) {
    passes.add(
        new ConvPass(
            ConvPlan.of(link, tuning), source, output, backward, parameters, largest.blocks()));
  }

  private Target target(Input input, ImageShape shape) {
    Tensor addend = input.addend().map(slot -> slots.get(slot).as(shape)).orElse(null);
    return new Target(slots.get(input.slot()).as(shape), addend, input.complete());
  }

  /** What others read of a unit. */
  private void finish(Unit unit, Norm norm) {
    if (!unit.rectified()) {
      shortcuts.put(unit.output(), norm);
    } else if (unit.shortcut().isPresent()) {
      Joined joined = new Joined(map(unit.to()), norm, shortcut(unit.shortcut().get()));
      passes.add(new JoinPass(joined, tuning.parts(unit.to())));
      activations.put(unit.output(), joined);
    } else {
      activations.put(unit.output(), new NormRelu(norm));
    }
  }

  private Shortcut shortcut(String name) {
    Norm projection = shortcuts.get(name);
    return projection == null
        ? new Shortcut.Identity(activation(name))
        : new Shortcut.Projected(projection);
  }

  private void pool(Pool pool) {
    Places places = plan.of(pool.output());
    Tensor values = map(pool.to());
    passes.add(
        new PoolPass(
            new PoolPlan(pool.operation()),
            activation(pool.input()),
            values,
            slots.get(places.output()).as(pool.to()),
            slots.get(places.input().orElseThrow().slot()).as(pool.from()),
            tuning.parts(pool.to())));
    activations.put(pool.output(), new Stored(values));
  }

  private void excite(Excite excite) {
    Places places = plan.of(excite.output());
    Tensor values = map(excite.shape());
    Tensor gradient = slots.get(places.output()).as(excite.shape());
    Tensor input = slots.get(places.input().orElseThrow().slot()).as(excite.shape());
    TaskSums weights = new TaskSums(taskSums, excite.weights());
    passes.add(
        new ExcitePass(
            new ExcitePlan(excite),
            activation(excite.input()),
            values,
            new ExcitePass.Backward(gradient, input, weights),
            parameters,
            largest));
    activations.put(excite.output(), new Stored(values));
  }

  private HeadPass head(Classifier classifier) {
    Activation last = activation(classifier.input());
    int slot = plan.of(classifier.output()).input().orElseThrow().slot();
    return new HeadPass(
        new HeadPlan(classifier.head()),
        last,
        slots.get(slot).as(last.shape()),
        parameters,
        largest,
        taskSums);
  }

  Images images() {
    return images;
  }

  /** All passes but the final layer's, in the order in which they run forward. */
  List<Pass> passes() {
    return List.copyOf(passes);
  }

  /** How many of the passes come before the first that learns anything. */
  int resting() {
    return resting;
  }

  HeadPass head() {
    return head;
  }
}
