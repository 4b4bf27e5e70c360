package org.igcnet.bench;

import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.theory.NetworkCost;

/**
 * The machine's limits, and the least time that they leave for a network: arithmetic at the peak or
 * memory at full bandwidth, whichever takes longer, pass by pass.
 *
 * <p>In training, batch normalisation needs a whole batch before anything can go on, so each unit's
 * output is written and read again. Forward a unit reads what is before it and writes its output.
 * Backward it reads its output, the gradient of that and what is before it, and writes the gradient
 * of the latter. A residual sum reads two outputs and writes one. In inference nothing has to go to
 * memory but images and weights.
 *
 * @param multiplyAdds a second, at most
 * @param bytes a second, at most
 */
record Roofline(double multiplyAdds, double bytes) {
  /** Training is counted as three times the forward pass. */
  static final int TRAINING_PASSES = 3;

  /** Multiply-adds of one step of a contender. */
  static double work(Contender.OfNetwork contender) {
    double forward =
        (double) contender.images() * NetworkCost.of(contender.architecture()).multiplyAdds();
    return contender instanceof Contender.Training ? TRAINING_PASSES * forward : forward;
  }

  /** The least time of one step, in seconds. */
  double seconds(Contender.OfNetwork contender) {
    return switch (contender) {
      case Contender.Training training -> training(training);
      case Contender.Inference inference -> inference(inference);
    };
  }

  private double inference(Contender.Inference contender) {
    Architecture architecture = contender.architecture();
    double images = (double) contender.images() * architecture.input().size();
    return pass(work(contender), images + NetworkCost.of(architecture).parameters());
  }

  private double training(Contender.Training contender) {
    Architecture architecture = contender.architecture();
    NetworkCost cost = NetworkCost.of(architecture);
    int images = contender.images();
    double seconds = unit(architecture.stem(), cost, images, false, true);
    for (Block block : architecture.blocks()) {
      seconds +=
          switch (block) {
            case Block.Plain(ConvUnit unit) -> unit(unit, cost, images, true, true);
            case Block.Residual residual -> residual(residual, cost, images);
          };
    }
    return seconds + pass(0, 3.0 * images * architecture.head().input().size());
  }

  private double residual(Block.Residual block, NetworkCost cost, int images) {
    double output = (double) images * block.output().size();
    double units =
        unit(block.first(), cost, images, true, true)
            + unit(block.second(), cost, images, true, true);
    double shortcut =
        block
            .projection()
            .map(projection -> unit(projection, cost, images, false, false))
            .orElse(pass(0, output));
    return units + shortcut + pass(0, 3 * output);
  }

  /**
   * Forward and backward of a unit.
   *
   * @param gradient whether backward writes the gradient of what is before it
   * @param alone whether it has to read that; a projection reads it with the block's first unit
   */
  private double unit(
      ConvUnit unit, NetworkCost cost, int images, boolean gradient, boolean alone) {
    double work = (double) images * multiplyAdds(unit, cost);
    double in = (double) images * unit.input().size();
    double out = (double) images * unit.output().size();
    double read = alone ? in : 0;
    return pass(work, read + out)
        + pass((TRAINING_PASSES - 1) * work, 2 * out + read + (gradient ? in : 0));
  }

  private static long multiplyAdds(ConvUnit unit, NetworkCost cost) {
    return cost.layers().stream()
        .filter(layer -> layer.name().startsWith(unit.name() + "."))
        .mapToLong(layer -> layer.multiplyAdds())
        .sum();
  }

  private double pass(double work, double values) {
    return Math.max(work / multiplyAdds, values * Float.BYTES / bytes);
  }
}
