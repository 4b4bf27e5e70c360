package org.igcnet.cpu.plain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Memory that is used again and again: what is not needed at the same time may have the same slot.
 *
 * @param floats how long each slot has to be
 * @param slots that of each lifetime
 */
record Slots(List<Long> floats, List<Integer> slots) {
  Slots {
    floats = List.copyOf(floats);
    slots = List.copyOf(slots);
  }

  /**
   * From when to when something is needed, both included.
   *
   * @param floats how long it is
   */
  record Lifetime(long floats, int from, int to) {}

  /** A slot for each. */
  static Slots apart(List<Lifetime> lifetimes) {
    return new Slots(
        lifetimes.stream().map(Lifetime::floats).toList(),
        IntStream.range(0, lifetimes.size()).boxed().toList());
  }

  /** As few slots as are needed at a time. */
  static Slots shared(List<Lifetime> lifetimes) {
    List<Long> floats = new ArrayList<>();
    List<Integer> busy = new ArrayList<>();
    Integer[] slots = new Integer[lifetimes.size()];
    IntStream.range(0, slots.length)
        .boxed()
        .sorted(Comparator.comparingInt(index -> lifetimes.get(index).from()))
        .forEach(
            index -> {
              Lifetime lifetime = lifetimes.get(index);
              int slot = free(busy, floats, lifetime);
              floats.set(slot, Math.max(floats.get(slot), lifetime.floats()));
              busy.set(slot, lifetime.to());
              slots[index] = slot;
            });
    return new Slots(floats, List.of(slots));
  }

  /** The free slot whose length is nearest, or a new one. */
  private static int free(List<Integer> busy, List<Long> floats, Lifetime lifetime) {
    return IntStream.range(0, busy.size())
        .filter(slot -> busy.get(slot) < lifetime.from())
        .boxed()
        .min(Comparator.comparingLong(slot -> Math.abs(floats.get(slot) - lifetime.floats())))
        .orElseGet(
            () -> {
              busy.add(Integer.MIN_VALUE);
              floats.add(0L);
              return busy.size() - 1;
            });
  }
}
