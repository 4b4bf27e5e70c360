package org.igcnet.cpu.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.igcnet.arch.Graph;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.plan.Fused.Classifier;
import org.igcnet.cpu.plan.Fused.Excite;
import org.igcnet.cpu.plan.Fused.Pool;
import org.igcnet.cpu.plan.Fused.Unit;

/**
 * Where the gradients of a network's maps live while it runs backward: in slots, each of which is
 * used again as soon as what it holds has been read.
 *
 * @param slots the largest shape that each of them holds
 * @param places those of each step, by the name of what it writes
 */
public record GradientPlan(List<ImageShape> slots, Map<String, Places> places) {
  public GradientPlan {
    slots = List.copyOf(slots);
    places = Map.copyOf(places);
  }

  /**
   * The slots of a step's gradients.
   *
   * @param output that of what it writes; of no meaning for logits
   * @param between those of what stands between a unit's links, in forward order
   * @param input that of what it reads, empty where nobody asks for it
   */
  public record Places(int output, List<Integer> between, Optional<Input> input) {}

  /**
   * The gradient of what a step reads, or a part of it where others read that too.
   *
   * @param slot where it goes
   * @param addend holds what others have written of it
   * @param complete whether nobody adds to it any more
   */
  public record Input(int slot, Optional<Integer> addend, boolean complete) {}

  public static GradientPlan of(Fusion fusion, Precision precision) {
    Allocation allocation = new Allocation(fusion, precision);
    fusion.steps().reversed().forEach(allocation::add);
    return new GradientPlan(allocation.slots, allocation.places);
  }

  /** The slots of the step that writes a map. */
  public Places of(String output) {
    return Objects.requireNonNull(places.get(output), output);
  }

  /** Hands out slots from the last step to the first. */
  private static final class Allocation {
    private final List<ImageShape> slots = new ArrayList<>();
    private final Map<String, Places> places = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    /** The slot of each map whose gradient is still needed. */
    private final Map<String, Integer> held = new HashMap<>();

    /** How many of a map's readers have not added to its gradient yet. */
    private final Map<String, Integer> missing;

    private final Precision precision;

    Allocation(Fusion fusion, Precision precision) {
      this.precision = precision;
      this.missing = new HashMap<>(fusion.readers());
    }

    void add(Fused step) {
      places.put(
          step.output(),
          switch (step) {
            case Classifier classifier ->
                new Places(-1, List.of(), input(step, classifier.head().input(), -1));
            case Pool pool -> places(pool, pool.from());
            case Excite excite -> places(excite, excite.shape());
            case Unit unit -> places(unit);
          });
    }

    /** Of a step that reads one map of this shape, and computes nothing between. */
    private Places places(Fused step, ImageShape from) {
      int output = output(step);
      Optional<Input> input = input(step, from, output);
      release(output);
      return new Places(output, List.of(), input);
    }

    private Places places(Unit unit) {
      final int output = output(unit);
      // A summand's gradient is that of the sum, in the same place.
      unit.shortcut().ifPresent(summand -> share(summand, output));
      List<Link> links = Link.of(unit);
      List<Integer> between = new ArrayList<>();
      int read = output;
      for (Link link : links.subList(1, links.size()).reversed()) {
        int slot = take(link.input());
        release(read);
        between.addFirst(slot);
        read = slot;
      }
      Optional<Input> input = input(unit, unit.from(), read);
      release(read);
      return new Places(output, List.copyOf(between), input);
    }

    private int output(Fused step) {
      return Objects.requireNonNull(held.remove(step.output()), "nothing reads " + step.output());
    }

    private void share(String map, int slot) {
      missing.merge(map, -1, Integer::sum);
      if (held.put(map, slot) != null) {
        throw new IllegalArgumentException(map + " is added after it was read");
      }
    }

    private Optional<Input> input(Fused step, ImageShape shape, int read) {
      if (step.input().equals(Graph.IMAGE)) {
        return Optional.empty();
      }
      boolean complete = missing.merge(step.input(), -1, Integer::sum) == 0;
      Optional<Integer> addend = Optional.ofNullable(held.get(step.input()));
      // What is still being read is not written to.
      int slot = addend.filter(at -> at != read).orElseGet(() -> take(shape));
      held.put(step.input(), slot);
      return Optional.of(new Input(slot, addend, complete));
    }

    private int take(ImageShape shape) {
      if (free.isEmpty()) {
        slots.add(shape);
        return slots.size() - 1;
      }
      int slot = free.pop();
      if (words(shape) > words(slots.get(slot))) {
        slots.set(slot, shape);
      }
      return slot;
    }

    private long words(ImageShape shape) {
      return BatchLayout.blockWords(precision, shape);
    }

    /** Takes back a slot, unless another map's gradient is in it. */
    private void release(int slot) {
      if (!held.containsValue(slot)) {
        free.push(slot);
      }
    }
  }
}
