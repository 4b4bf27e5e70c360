package org.igcnet.cpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.plan.Fused.Classifier;
import org.igcnet.cpu.plan.Fused.Excite;
import org.igcnet.cpu.plan.Fused.Pool;
import org.igcnet.cpu.plan.Fused.Unit;

/**
 * What training takes, in floats, before it does: the network takes its arrays by these, and {@link
 * NetworkMemory} adds them up.
 *
 * @param sums batch normalisation's, of one unit at a time
 * @param taskSums the sums of the weights' gradients of all tasks, of one unit at a time
 * @param scratch of one thread
 */
public record Sizes(long sums, long taskSums, long scratch) {
  /** For several steps, one after the other. */
  private Sizes max(Sizes other) {
    return new Sizes(
        Math.max(sums, other.sums),
        Math.max(taskSums, other.taskSums),
        Math.max(scratch, other.scratch));
  }

  public static Sizes of(Fusion fusion, BatchLayout largest, Tuning tuning) {
    return fusion.steps().stream()
        .map(step -> of(step, largest.blocks(), tuning))
        .reduce(new Sizes(0, 0, 0), Sizes::max);
  }

  private static Sizes of(Fused step, int blocks, Tuning tuning) {
    return switch (step) {
      case Unit unit ->
          Link.of(unit).stream()
              .map(link -> of(link, blocks, tuning))
              .reduce(new Sizes(0, 0, channel(unit.to())), Sizes::max);
      case Pool pool -> new Sizes(0, 0, new PoolPlan(pool.operation()).scratch());
      case Excite excite -> {
        ExcitePlan plan = new ExcitePlan(excite);
        yield new Sizes(0, plan.taskSums(blocks), plan.scratch());
      }
      case Classifier classifier -> {
        HeadPlan head = new HeadPlan(classifier.head());
        yield new Sizes(0, head.taskSums(blocks), head.scratch());
      }
    };
  }

  private static Sizes of(Link link, int blocks, Tuning tuning) {
    ConvPlan plan = ConvPlan.of(link, tuning);
    return new Sizes(
        normSums(blocks * tuning.parts(), link.output().channels()),
        plan.taskSums(blocks),
        plan.scratch());
  }

  /** What a sum with a shortcut takes of a thread's memory: one channel of the shortcut. */
  private static long channel(ImageShape shape) {
    return Lanes.LEAD + (long) shape.pixels() * Lanes.COUNT;
  }

  /** The sums of {@code tasks} tasks: two vectors for each channel. */
  private static long normSums(int tasks, int channels) {
    return (long) tasks * channels * 2 * Lanes.COUNT;
  }

  /** What a norm has of its own: seven numbers of each group and channel, two of each group. */
  static long norm(int groups, int channels) {
    return 7L * groups * channels + 2L * groups;
  }

  /** The feature maps that are kept: every raw output, and what a shortcut needs too. */
  public static List<ImageShape> maps(Fusion fusion) {
    List<ImageShape> maps = new ArrayList<>();
    for (Fused step : fusion.steps()) {
      switch (step) {
        case Unit unit -> {
          Link.of(unit).forEach(link -> maps.add(link.output()));
          unit.shortcut().ifPresent(_ -> maps.add(unit.to()));
        }
        case Pool pool -> maps.add(pool.to());
        case Excite excite -> maps.add(excite.shape());
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
