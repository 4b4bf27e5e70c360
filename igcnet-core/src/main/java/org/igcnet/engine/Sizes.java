package org.igcnet.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.SummedConvolution;
import org.igcnet.engine.kernel.Lanes;

/**
 * What a {@link Network} allocates, in floats, before it does: the network takes its arrays by
 * these, and {@link MemoryPlan} adds them up.
 *
 * @param sums batch normalisation's, of one unit at a time
 * @param partials the sums of the weights' gradients of all tasks, of one unit at a time
 * @param scratch of one thread
 */
record Sizes(long sums, long partials, long scratch) {
  static Sizes of(Architecture architecture, BatchLayout largest, Tuning tuning) {
    Head head = architecture.head();
    int blocks = largest.blocks();
    long sums = 0;
    long partials = HeadPass.partials(head, blocks);
    long scratch = HeadPass.scratch(head);
    for (Link link : links(architecture)) {
      int tasks = blocks * tuning.parts();
      sums = Math.max(sums, Norm.sums(tasks, link.output().channels()));
      partials = Math.max(partials, ConvPass.partials(link, blocks, tuning));
      scratch = Math.max(scratch, ConvPass.scratch(link, tuning));
    }
    scratch = Math.max(scratch, architecture.pool().map(PoolPass::scratch).orElse(0L));
    for (ImageShape map : maps(architecture)) {
      scratch = Math.max(scratch, JoinPass.scratch(map));
    }
    return new Sizes(sums, partials, scratch);
  }

  /** What all passes but pools and sums compute. */
  static List<Link> links(Architecture architecture) {
    return architecture.units().stream().flatMap(unit -> Link.of(unit).stream()).toList();
  }

  /** The feature maps that are kept: every raw output, and what a shortcut needs too. */
  static List<ImageShape> maps(Architecture architecture) {
    List<ImageShape> maps = new ArrayList<>();
    links(architecture).forEach(link -> maps.add(link.output()));
    architecture.pool().ifPresent(pool -> maps.add(pool.output()));
    for (Block block : architecture.blocks()) {
      if (block instanceof Block.Residual) {
        maps.add(block.output());
      }
    }
    return maps;
  }

  /** The gradients that live at a time, each of which may be the largest map's. */
  static List<ImageShape> gradients(Architecture architecture) {
    ImageShape largest =
        Collections.max(maps(architecture), Comparator.comparingInt(ImageShape::size));
    int most = 2 + between(architecture.stem());
    for (Block block : architecture.blocks()) {
      int inside = block.units().stream().mapToInt(Sizes::between).max().orElse(0);
      boolean projected =
          block instanceof Block.Residual residual && residual.projection().isPresent();
      most = Math.max(most, (projected ? 3 : 2) + inside);
    }
    return Collections.nCopies(most, largest);
  }

  /** Gradients that live between the links of a unit. */
  private static int between(ConvUnit unit) {
    return Math.min(2, Link.of(unit).size() - 1);
  }

  /** Weights as the kernels of a link want them, forward and backward. */
  static long packed(Link link) {
    Convolutions convolutions = Convolutions.of(link.map());
    long summed = link.map() instanceof SummedConvolution ? convolutions.weights() : 0;
    return 2 * packed(convolutions.primary())
        + 2 * convolutions.secondary().map(Sizes::packed).orElse(0L)
        + summed;
  }

  /** Some kernels take an even number of taps. */
  private static long packed(GroupConvolution convolution) {
    return (long) convolution.outputChannels() * (convolution.fanIn() + convolution.fanIn() % 2);
  }

  /** Features, logits and weights of the final layer. */
  static long head(Head head, BatchLayout largest) {
    long vectors = (long) largest.blocks() * (head.features() + head.classes());
    return vectors * Lanes.COUNT
        + (long) largest.images() * head.classes()
        + 2L * head.features() * head.classes();
  }
}
