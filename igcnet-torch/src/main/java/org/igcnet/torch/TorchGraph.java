package org.igcnet.torch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Add;
import org.igcnet.arch.Operation.AveragePool;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.arch.Operation.Relu;
import org.igcnet.arch.Operation.Scale;
import org.igcnet.arch.Operation.Sigmoid;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.backend.NormGroups;
import org.igcnet.torch.TorchStep.Single;
import org.igcnet.torch.TorchStep.Wide;

/**
 * A {@link Graph} as a function of images, written with libtorch's operations as a user of PyTorch
 * would write it.
 */
final class TorchGraph implements AutoCloseable {
  private static final long[] NO_DILATION = {1, 1};

  /**
   * The least input channels of a 1×1 convolution with a stride. With fewer, and the channels of a
   * position together, oneDNN's kernel for AVX2 writes the gradient of the weights past its end,
   * which later ends the process.
   */
  private static final int LEAST_STRIDED = 8;

  private final List<TorchStep> steps;

  /** The operation that reads a map last; then the map is freed, or written in its place. */
  private final Map<String, Operation> lastReaders;

  private final Map<String, Tensor> tensors;
  private final Form form;

  /** {@link Wide#positions}, by the name of the tensor. */
  private final Map<String, Tensor> positions = new HashMap<>();

  /**
   * @param tensors those of {@link Architecture#parameters()} by name, whose kernels lie in the
   *     form's order; running averages are written
   */
  TorchGraph(Architecture architecture, Map<String, Tensor> tensors, Form form) {
    Graph graph = Graph.of(architecture);
    this.steps = form == Form.WIDE ? TorchStep.wide(graph) : TorchStep.plain(graph);
    this.lastReaders = graph.lastReaders();
    this.tensors = tensors;
    this.form = form;
    for (TorchStep step : steps) {
      if (step instanceof Wide wide) {
        positions.put(wide.narrow().weight(), Kept.only(() -> torch.tensor(wide.positions())));
      }
    }
  }

  /**
   * What batch normalisation normalises with.
   *
   * @param groups which images share statistics of their own; empty where it is the running
   *     averages
   * @param share what a running average takes of the batch's own statistics
   */
  private record Statistics(Optional<NormGroups> groups, double share) {}

  /**
   * The logits of images, by the batch's own statistics, towards which the running averages move.
   *
   * @param images {@code [image][channel][row][column]}
   * @param groups which of the images share statistics
   * @param kept what a running average keeps of itself
   * @return {@code [image][class]}, to be closed by the caller
   */
  Tensor learning(Tensor images, NormGroups groups, float kept) {
    return logits(images, new Statistics(Optional.of(groups), 1.0 - kept));
  }

  /**
   * The logits of images, by the running averages.
   *
   * @param images {@code [image][channel][row][column]}
   * @return {@code [image][class]}, to be closed by the caller
   */
  Tensor logits(Tensor images) {
    return logits(images, new Statistics(Optional.empty(), 0));
  }

  private Tensor logits(Tensor images, Statistics statistics) {
    Map<String, Tensor> maps = new HashMap<>();
    Tensor last = images;
    for (TorchStep step : steps) {
      List<Tensor> inputs =
          step.inputs().stream()
              .map(name -> name.equals(Graph.IMAGE) ? images : maps.get(name))
              .toList();
      last = Kept.only(() -> run(step, inputs, statistics));
      maps.put(step.output(), last);
      // What is left of an activation without autograd is freed as soon as it is used.
      step.inputs().stream()
          .filter(name -> step.operations().getFirst().equals(lastReaders.get(name)))
          .map(maps::remove)
          .filter(Objects::nonNull)
          .forEach(Tensor::close);
    }
    return last;
  }

  private Tensor run(TorchStep step, List<Tensor> inputs, Statistics statistics) {
    return switch (step) {
      case Single(Operation operation) -> run(operation, inputs, statistics);
      case Wide wide -> convolve(inputs.getFirst(), widened(wide), wide.shape());
    };
  }

  /** The weights of a wide convolution. Gradients reach those that the network has. */
  private Tensor widened(Wide wide) {
    String name = wide.narrow().weight();
    GroupConvolution shape = wide.shape();
    long[] sizes = shape.weightShape().stream().mapToLong(Integer::longValue).toArray();
    return torch
        .zeros(shape.weights())
        .scatter(0, tensor(positions, name), tensor(name).flatten(0, -1))
        .view(sizes)
        .contiguous(form.memory().format());
  }

  /**
   * ReLUs and sums write in the place of what they read first, which nothing else reads. What
   * libtorch itself returns for these is no owner of the tensor.
   */
  private Tensor run(Operation operation, List<Tensor> inputs, Statistics statistics) {
    Tensor x = inputs.getFirst();
    return switch (operation) {
      case Convolution own -> convolve(x, tensor(own.weight()), own.convolution());
      case Interleave own -> interleave(x, own.rows(), own.columns());
      case BranchSum own -> partitions(x, own.branches()).sum(1);
      case BatchNorm own -> normalise(own, x, statistics);
      case Relu _ -> {
        torch.relu_(x);
        yield x;
      }
      case Add _ -> {
        inputs.stream().skip(1).forEach(x::add_);
        yield x;
      }
      case MaxPool own -> pool(x, own.kernel(), own.stride());
      case AveragePool _ -> torch.adaptive_avg_pool2d(x, 1, 1);
      case Sigmoid _ -> torch.sigmoid(x);
      case Scale _ -> x.mul(inputs.getLast());
      case Linear _ -> torch.linear(x.flatten(1, -1), tensor(Head.WEIGHT), tensor(Head.BIAS));
    };
  }

  private static Tensor pool(Tensor x, Kernel kernel, int stride) {
    return torch.max_pool2d(
        x,
        new long[] {kernel.height(), kernel.width()},
        new long[] {stride, stride},
        new long[] {kernel.padRows(), kernel.padColumns()},
        NO_DILATION,
        false);
  }

  private static Tensor convolve(Tensor x, Tensor weight, GroupConvolution convolution) {
    int stride = convolution.stride();
    boolean narrow = convolution.inputChannels() < LEAST_STRIDED;
    return narrow && stride > 1 && convolution.kernel().area() == 1
        ? convolve(everyNth(x, stride), weight, convolution, 1)
        : convolve(x, weight, convolution, stride);
  }

  /** The rows and columns that a kernel of one position with a stride looks at. */
  private static Tensor everyNth(Tensor x, int stride) {
    return everyNth(everyNth(x, 2, stride), 3, stride);
  }

  private static Tensor everyNth(Tensor x, int dimension, int stride) {
    return x.slice(dimension, new LongOptional(), new LongOptional(), stride);
  }

  private static Tensor convolve(
      Tensor x, Tensor weight, GroupConvolution convolution, int stride) {
    Kernel kernel = convolution.kernel();
    return torch.conv2d(
        x,
        weight,
        new TensorOptional(),
        new long[] {stride, stride},
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

  private Tensor normalise(BatchNorm norm, Tensor raw, Statistics statistics) {
    Tensor mean = tensor(norm.tensor(Role.RUNNING_MEAN));
    Tensor variance = tensor(norm.tensor(Role.RUNNING_VARIANCE));
    return statistics.groups().filter(groups -> groups.count() > 1).isPresent()
        ? normaliseGroups(norm, raw, mean, variance, statistics)
        : batchNorm(norm, raw, mean, variance, statistics);
  }

  /** Each group moves its own copy of the running averages, whose mean they then become. */
  private Tensor normaliseGroups(
      BatchNorm norm, Tensor raw, Tensor mean, Tensor variance, Statistics statistics) {
    TensorVector groups = raw.split_with_sizes(sizes(statistics.groups().orElseThrow()), 0);
    Tensor means = mean.repeat(groups.size(), 1);
    Tensor variances = variance.repeat(groups.size(), 1);
    TensorVector normalised = new TensorVector(groups.size());
    for (long g = 0; g < groups.size(); g++) {
      normalised.put(
          g,
          batchNorm(norm, groups.get(g), means.select(0, g), variances.select(0, g), statistics));
    }
    mean.copy_(means.mean(0));
    variance.copy_(variances.mean(0));
    return torch.cat(normalised, 0);
  }

  private static long[] sizes(NormGroups groups) {
    return IntStream.range(0, groups.count()).mapToLong(groups::images).toArray();
  }

  /**
   * One value of a channel has no deviation, and libtorch would divide by n − 1 = 0: then the
   * running variance moves towards 0 here.
   */
  private Tensor batchNorm(
      BatchNorm norm, Tensor raw, Tensor mean, Tensor variance, Statistics statistics) {
    boolean learning = statistics.groups().isPresent();
    boolean single = learning && raw.numel() == raw.size(1);
    Tensor normalised =
        torch.batch_norm(
            raw,
            new TensorOptional(tensor(norm.tensor(Role.GAMMA))),
            new TensorOptional(tensor(norm.tensor(Role.BETA))),
            new TensorOptional(mean),
            new TensorOptional(single ? variance.clone() : variance),
            learning,
            statistics.share(),
            ConvUnit.EPSILON,
            true);
    if (single) {
      variance.mul_(new Scalar(1 - statistics.share()));
    }
    return normalised;
  }

  private Tensor tensor(String name) {
    return tensor(tensors, name);
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("there is no tensor \"" + name + "\"");
    }
    return tensor;
  }

  /** Frees what it has itself. */
  @Override
  public void close() {
    positions.values().forEach(Tensor::close);
  }
}
