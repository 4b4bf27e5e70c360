package org.igcnet.cpu.train;

import java.util.List;
import java.util.stream.IntStream;

/** Adds up the time that each pass of a network takes. */
public final class PassClock {
  private final List<String> names;
  private final long[] forward;
  private final long[] backward;

  /** Of passes with names, in the order in which they run forward. */
  public PassClock(List<String> names) {
    this.names = List.copyOf(names);
    forward = new long[names.size()];
    backward = new long[names.size()];
  }

  /** A forward pass that began at a {@link System#nanoTime} is done. */
  public void forward(int pass, long began) {
    forward[pass] += System.nanoTime() - began;
  }

  /** As {@link #forward}, for a backward pass. */
  public void backward(int pass, long began) {
    backward[pass] += System.nanoTime() - began;
  }

  /** What each has taken so far. */
  public List<PassTime> times() {
    return IntStream.range(0, names.size())
        .mapToObj(i -> new PassTime(names.get(i), forward[i] / 1e9, backward[i] / 1e9))
        .toList();
  }
}
