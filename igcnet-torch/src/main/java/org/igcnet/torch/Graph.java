package org.igcnet.torch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.BranchSum;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.arch.StemPool;

/**
 * An {@link Architecture} as a function of images, written with libtorch's operations as a user of
 * PyTorch would write it.
 */
final class Graph {
  private static final long[] NO_DILATION = {1, 1};

  private final ConvUnit stem;
  private final boolean pooled;
  private final List<Block> blocks;
  private final Map<String, Tensor> tensors;
  private final int normImages;

  /**
   * @param tensors those of {@link Architecture#parameters()} by name; running averages are written
   * @param normImages images that share batch normalisation's statistics
   */
  Graph(Architecture architecture, Map<String, Tensor> tensors, int normImages) {
    this.stem = architecture.stem();
    this.pooled = architecture.pool().isPresent();
    this.blocks = architecture.blocks();
    this.tensors = tensors;
    this.normImages = normImages;
  }

  /**
   * What batch normalisation normalises with.
   *
   * @param own whether with the batch's own statistics, otherwise with the running averages
   * @param share what a running average takes of the batch's own statistics
   */
  private record Statistics(boolean own, double share) {}

  /**
   * The logits of images, by the batch's own statistics, towards which the running averages move.
   *
   * @param images {@code [image][channel][row][column]}
   * @param kept what a running average keeps of itself
   * @return {@code [image][class]}, to be closed by the caller
   */
  Tensor learning(Tensor images, float kept) {
    return logits(images, new Statistics(true, 1.0 - kept));
  }

  /**
   * The logits of images, by the running averages.
   *
   * @param images {@code [image][channel][row][column]}
   * @return {@code [image][class]}, to be closed by the caller
   */
  Tensor logits(Tensor images) {
    return logits(images, new Statistics(false, 0));
  }

  private Tensor logits(Tensor images, Statistics statistics) {
    Tensor x = Kept.only(() -> relu(unit(stem, images, statistics)));
    if (pooled) {
      x = replace(x, Graph::pool);
    }
    for (Block block : blocks) {
      x = replace(x, input -> block(block, input, statistics));
    }
    return replace(x, this::head);
  }

  /** What is left of an activation without autograd is freed as soon as it is used. */
  private static Tensor replace(Tensor x, UnaryOperator<Tensor> function) {
    Tensor y = Kept.only(() -> function.apply(x));
    x.close();
    return y;
  }

  private Tensor block(Block block, Tensor x, Statistics statistics) {
    return switch (block) {
      case Block.Plain(ConvUnit unit) -> relu(unit(unit, x, statistics));
      case Block.Residual(ConvUnit first, ConvUnit second, Optional<ConvUnit> projection) -> {
        Tensor y = unit(second, relu(unit(first, x, statistics)), statistics);
        y.add_(projection.map(unit -> unit(unit, x, statistics)).orElse(x));
        yield relu(y);
      }
    };
  }

  /** In place: what {@code relu_} itself returns is no owner of the tensor. */
  private static Tensor relu(Tensor x) {
    torch.relu_(x);
    return x;
  }

  private Tensor unit(ConvUnit unit, Tensor x, Statistics statistics) {
    return normalise(unit, map(unit, x), statistics);
  }

  private Tensor map(ConvUnit unit, Tensor x) {
    for (LinearMap.Step step : unit.map().steps()) {
      x =
          switch (step) {
            case Factor factor ->
                convolve(x, tensor(unit.weightName(factor)), factor.convolution());
            case Interleave(int rows, int columns) -> interleave(x, rows, columns);
            case Rectify() -> torch.relu(x);
            case BranchSum(int branches) -> partitions(x, branches).sum(1);
          };
    }
    return x;
  }

  private static Tensor pool(Tensor x) {
    Kernel kernel = StemPool.KERNEL;
    return torch.max_pool2d(
        x,
        new long[] {kernel.height(), kernel.width()},
        new long[] {StemPool.STRIDE, StemPool.STRIDE},
        new long[] {kernel.padRows(), kernel.padColumns()},
        NO_DILATION,
        false);
  }

  private static Tensor convolve(Tensor x, Tensor weight, GroupConvolution convolution) {
    Kernel kernel = convolution.kernel();
    return torch.conv2d(
        x,
        weight,
        new TensorOptional(),
        new long[] {convolution.stride(), convolution.stride()},
        new long[] {kernel.padRows(), kernel.padColumns()},
        NO_DILATION,
        convolution.groups());
  }

  /** Channel i · inner + j becomes channel j · outer + i: P of equation 3, or Pᵀ. */
  private static Tensor interleave(Tensor x, int outer, int inner) {
    if (outer == 1 || inner == 1) {
      return x;
    }
    return partitions(x, outer).transpose(1, 2).reshape(x.size(0), x.size(1), x.size(2), x.size(3));
  }

  /** {@code [image][partition][channel][row][column]}. */
  private static Tensor partitions(Tensor x, int partitions) {
    return x.view(x.size(0), partitions, x.size(1) / partitions, x.size(2), x.size(3));
  }

  private Tensor normalise(ConvUnit unit, Tensor raw, Statistics statistics) {
    Tensor mean = tensor(unit.normName(Role.RUNNING_MEAN));
    Tensor variance = tensor(unit.normName(Role.RUNNING_VARIANCE));
    return statistics.own() && raw.size(0) > normImages
        ? normaliseGroups(unit, raw, mean, variance, statistics)
        : batchNorm(unit, raw, mean, variance, statistics);
  }

  /** Each group moves its own copy of the running averages, whose mean they then become. */
  private Tensor normaliseGroups(
      ConvUnit unit, Tensor raw, Tensor mean, Tensor variance, Statistics statistics) {
    TensorVector groups = raw.split(normImages, 0);
    Tensor means = mean.repeat(groups.size(), 1);
    Tensor variances = variance.repeat(groups.size(), 1);
    TensorVector normalised = new TensorVector(groups.size());
    for (long g = 0; g < groups.size(); g++) {
      normalised.put(
          g,
          batchNorm(unit, groups.get(g), means.select(0, g), variances.select(0, g), statistics));
    }
    mean.copy_(means.mean(0));
    variance.copy_(variances.mean(0));
    return torch.cat(normalised, 0);
  }

  private Tensor batchNorm(
      ConvUnit unit, Tensor raw, Tensor mean, Tensor variance, Statistics statistics) {
    return torch.batch_norm(
        raw,
        new TensorOptional(tensor(unit.normName(Role.GAMMA))),
        new TensorOptional(tensor(unit.normName(Role.BETA))),
        new TensorOptional(mean),
        new TensorOptional(variance),
        statistics.own(),
        statistics.share(),
        ConvUnit.EPSILON,
        true);
  }

  private Tensor head(Tensor x) {
    Tensor pooled = torch.adaptive_avg_pool2d(x, 1, 1).flatten(1, -1);
    return torch.linear(pooled, tensor(Head.WEIGHT), tensor(Head.BIAS));
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no tensor \"" + name + "\"");
    }
    return tensor;
  }
}
