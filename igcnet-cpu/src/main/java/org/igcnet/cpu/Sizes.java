package org.igcnet.cpu;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.Fused.Classifier;
import org.igcnet.cpu.Fused.Pool;
import org.igcnet.cpu.Fused.Unit;
import org.igcnet.cpu.kernel.Lanes;

/**
 * What a {@link Network} allocates, in floats, before it does: the network takes its arrays by
 * these, and {@link MemoryPlan} adds them up.
 *
 * @param sums batch normalisation's, of one unit at a time
 * @param partials the sums of the weights' gradients of all tasks, of one unit at a time
 * @param scratch of one thread
 */
record Sizes(long sums, long partials, long scratch) {
  /** For several steps, one after the other. */
  private Sizes max(Sizes other) {
    return new Sizes(
        Math.max(sums, other.sums),
        Math.max(partials, other.partials),
        Math.max(scratch, other.scratch));
  }

  static Sizes of(Fusion fusion, BatchLayout largest, Tuning tuning) {
    return fusion.steps().stream()
        .map(step -> of(step, largest.blocks(), tuning))
        .reduce(new Sizes(0, 0, 0), Sizes::max);
  }

  private static Sizes of(Fused step, int blocks, Tuning tuning) {
    return switch (step) {
      case Unit unit ->
          Link.of(unit).stream()
              .map(link -> of(link, blocks, tuning))
              .reduce(new Sizes(0, 0, JoinPass.scratch(unit.to())), Sizes::max);
      case Pool pool -> new Sizes(0, 0, PoolPass.scratch(pool.operation()));
      case Classifier classifier ->
          new Sizes(
              0, HeadPass.partials(classifier.head(), blocks), HeadPass.scratch(classifier.head()));
    };
  }

  private static Sizes of(Link link, int blocks, Tuning tuning) {
    return new Sizes(
        Norm.sums(blocks * tuning.parts(), link.output().channels()),
        ConvPass.partials(link, blocks, tuning),
        ConvPass.scratch(link, tuning));
  }

  /** The feature maps that are kept: every raw output, and what a shortcut needs too. */
  static List<ImageShape> maps(Fusion fusion) {
    List<ImageShape> maps = new ArrayList<>();
    for (Fused step : fusion.steps()) {
      switch (step) {
        case Unit unit -> {
          Link.of(unit).forEach(link -> maps.add(link.output()));
          unit.shortcut().ifPresent(_ -> maps.add(unit.to()));
        }
        case Pool pool -> maps.add(pool.to());
        case Classifier _ -> {
          // features and logits are not kept as maps
        }
      }
    }
    return maps;
  }

  /** Weights as the kernels of a link want them, forward and backward. */
  static long packed(Link link) {
    long summed = link.first().branches() > 1 ? link.weights() : 0;
    return 2 * packed(link.primary()) + 2 * link.secondary().map(Sizes::packed).orElse(0L) + summed;
  }

  /** Some kernels take an even number of taps. */
  private static long packed(GroupConvolution convolution) {
    return (long) convolution.outputChannels() * (convolution.fanIn() + convolution.fanIn() % 2);
  }

  /** Features, logits and weights of the final layer. */
  static long head(Head head, BatchLayout largest) {
    long vectors = (long) largest.blocks() * (head.features() + head.classes());
    return vectors * Lanes.COUNT
        + ((long) largest.images() + largest.groups()) * head.classes()
        + 2L * head.features() * head.classes();
  }
}
