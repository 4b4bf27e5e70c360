package org.igcnet.cpu.train;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Adds up the time that each pass of a network takes, the final layer's last. */
final class PassClock {
  private static final String FINAL_LAYER = "fc";

  private final List<String> names;
  private final long[] forward;
  private final long[] backward;

  PassClock(List<Pass> passes) {
    names = Stream.concat(passes.stream().map(Pass::name), Stream.of(FINAL_LAYER)).toList();
    forward = new long[names.size()];
    backward = new long[names.size()];
  }

  /** A forward pass that began at a {@link System#nanoTime} is done. */
  void forward(int pass, long began) {
    forward[pass] += System.nanoTime() - began;
  }

  /** As {@link #forward}, for a backward pass. */
  void backward(int pass, long began) {
    backward[pass] += System.nanoTime() - began;
  }

  List<PassTime> times() {
    return IntStream.range(0, names.size())
        .mapToObj(i -> new PassTime(names.get(i), forward[i] / 1e9, backward[i] / 1e9))
        .toList();
  }
}
