package org.igcnet.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.arch.StemPool;

/**
 * One step of a network as {@code model.json} lists it, so that a program without this code can
 * build the network again: steps run in order, each reads the outputs of earlier steps by name (the
 * first of them reads {@value #IMAGE}), and tensors are named as in {@code model.safetensors}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Layer.Convolution.class, name = "convolution"),
  @JsonSubTypes.Type(value = Layer.Interleave.class, name = "interleave"),
  @JsonSubTypes.Type(value = Layer.BranchSum.class, name = "branch-sum"),
  @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch-norm"),
  @JsonSubTypes.Type(value = Layer.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = Layer.Add.class, name = "add"),
  @JsonSubTypes.Type(value = Layer.MaxPool.class, name = "max-pool"),
  @JsonSubTypes.Type(value = Layer.AveragePool.class, name = "global-average-pool"),
  @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear")
})
public sealed interface Layer {
  /** The name of the network's own input. */
  String IMAGE = "image";

  /** The step's own name, unique. */
  String name();

  /**
   * A group convolution without bias.
   *
   * @param weight its tensor, OIHW, where I counts the inputs of one group
   * @param kernel rows and columns
   * @param padding rows and columns of zeros on each side
   */
  record Convolution(
      String name,
      String input,
      String weight,
      int inputChannels,
      int outputChannels,
      int groups,
      List<Integer> kernel,
      List<Integer> padding,
      int stride)
      implements Layer {}

  /**
   * The permutation Pᵀ or P of equation 5: channels taken as a matrix {@code [rows][columns]} are
   * transposed, channel r·columns + c becomes channel c·rows + r.
   */
  record Interleave(String name, String input, int rows, int columns) implements Layer {}

  /** Adds up {@code branches} runs of consecutive channels (equation 21). */
  record BranchSum(String name, String input, int branches) implements Layer {}

  /** Batch normalisation with the running averages. */
  record BatchNorm(
      String name,
      String input,
      String weight,
      String bias,
      String runningMean,
      String runningVariance,
      float epsilon)
      implements Layer {}

  /** max(0, x). */
  record Relu(String name, String input) implements Layer {}

  /** The sum of several steps' outputs. */
  record Add(String name, List<String> inputs) implements Layer {}

  /**
   * The greatest value of each window of a channel.
   *
   * @param kernel rows and columns of a window
   * @param padding rows and columns on each side that are never the greatest
   */
  record MaxPool(String name, String input, List<Integer> kernel, List<Integer> padding, int stride)
      implements Layer {
    private static MaxPool of(String input) {
      Kernel kernel = StemPool.KERNEL;
      return new MaxPool(
          StemPool.NAME,
          input,
          List.of(kernel.height(), kernel.width()),
          List.of(kernel.padRows(), kernel.padColumns()),
          StemPool.STRIDE);
    }
  }

  /** The mean of each channel. */
  record AveragePool(String name, String input) implements Layer {}

  /** The final layer: a weight, {@code [classes][features]}, and a bias. Its outputs are logits. */
  record Linear(String name, String input, String weight, String bias, int features, int classes)
      implements Layer {}

  /** The steps of a whole network. */
  static List<Layer> of(Architecture architecture) {
    List<Layer> layers = new ArrayList<>();
    String last = relu("stem", unit(architecture.stem(), IMAGE, layers), layers);
    if (architecture.pool().isPresent()) {
      layers.add(MaxPool.of(last));
      last = StemPool.NAME;
    }
    for (Block block : architecture.blocks()) {
      last = block(block, last, layers);
    }
    Head head = architecture.head();
    layers.add(new AveragePool("pool", last));
    layers.add(new Linear("fc", "pool", Head.WEIGHT, Head.BIAS, head.features(), head.classes()));
    return List.copyOf(layers);
  }

  private static String block(Block block, String input, List<Layer> layers) {
    return switch (block) {
      case Block.Plain(ConvUnit unit) -> relu(unit.name(), unit(unit, input, layers), layers);
      case Block.Residual(ConvUnit first, ConvUnit second, var projection) -> {
        String hidden = relu(first.name(), unit(first, input, layers), layers);
        String sum = second.name() + ".add";
        List<String> summands =
            List.of(
                unit(second, hidden, layers),
                projection.map(unit -> unit(unit, input, layers)).orElse(input));
        layers.add(new Add(sum, summands));
        yield relu(second.name(), sum, layers);
      }
    };
  }

  /** A linear map and its batch normalisation; gives the name of what comes out. */
  private static String unit(ConvUnit unit, String input, List<Layer> layers) {
    String mapped = map(unit, input, layers);
    String name = unit.name() + ".bn";
    layers.add(
        new BatchNorm(
            name,
            mapped,
            unit.normName(Role.GAMMA),
            unit.normName(Role.BETA),
            unit.normName(Role.RUNNING_MEAN),
            unit.normName(Role.RUNNING_VARIANCE),
            ConvUnit.EPSILON));
    return name;
  }

  private static String map(ConvUnit unit, String input, List<Layer> layers) {
    List<LinearMap.Step> steps = unit.map().steps();
    String last = input;
    for (int i = 0; i < steps.size(); i++) {
      String name = unit.stepName(i);
      layers.add(
          switch (steps.get(i)) {
            case LinearMap.Factor factor -> convolution(unit, factor, name, last);
            case LinearMap.Interleave(int rows, int columns) ->
                new Interleave(name, last, rows, columns);
            case LinearMap.Rectify() -> new Relu(name, last);
            case LinearMap.BranchSum(int branches) -> new BranchSum(name, last, branches);
          });
      last = name;
    }
    return last;
  }

  private static Convolution convolution(
      ConvUnit unit, LinearMap.Factor factor, String name, String input) {
    GroupConvolution convolution = factor.convolution();
    return new Convolution(
        name,
        input,
        unit.weightName(factor),
        convolution.inputChannels(),
        convolution.outputChannels(),
        convolution.groups(),
        List.of(convolution.kernel().height(), convolution.kernel().width()),
        List.of(convolution.kernel().padRows(), convolution.kernel().padColumns()),
        convolution.stride());
  }

  private static String relu(String unit, String input, List<Layer> layers) {
    layers.add(new Relu(unit + ".relu", input));
    return unit + ".relu";
  }
}
