package org.igcnet.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Parameter.Role;

/**
 * One step of a network as {@code model.json} lists it, so that a program without this code can
 * build the network again: steps run in order, each reads the outputs of earlier steps by name (the
 * first of them reads {@code image}), and tensors are named as in {@code model.safetensors}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Layer.Convolution.class, name = "convolution"),
  @JsonSubTypes.Type(value = Layer.Interleave.class, name = "interleave"),
  @JsonSubTypes.Type(value = Layer.BranchSum.class, name = "branch-sum"),
  @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch-norm"),
  @JsonSubTypes.Type(value = Layer.Relu.class, name = "relu"),
  @JsonSubTypes.Type(value = Layer.Sigmoid.class, name = "sigmoid"),
  @JsonSubTypes.Type(value = Layer.Scale.class, name = "scale"),
  @JsonSubTypes.Type(value = Layer.Add.class, name = "add"),
  @JsonSubTypes.Type(value = Layer.MaxPool.class, name = "max-pool"),
  @JsonSubTypes.Type(value = Layer.AveragePool.class, name = "global-average-pool"),
  @JsonSubTypes.Type(value = Layer.Linear.class, name = "linear")
})
public sealed interface Layer {
  /** {@return the step's own name, unique} */
  String name();

  /**
   * A group convolution without bias.
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param weight its tensor, OIHW, where I counts the inputs of one group
   * @param inputChannels all input channels
   * @param outputChannels all output channels
   * @param groups number of partitions
   * @param kernel rows and columns
   * @param padding rows and columns of zeros on each side
   * @param stride step between neighbouring outputs, in both directions
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
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param rows of the matrix; the channels of a column become neighbours
   * @param columns of the matrix
   */
  record Interleave(String name, String input, int rows, int columns) implements Layer {}

  /**
   * Adds up {@code branches} runs of consecutive channels (equation 21).
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param branches how many runs
   */
  record BranchSum(String name, String input, int branches) implements Layer {}

  /**
   * Batch normalisation with the running averages.
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param weight the tensor γ, one value a channel
   * @param bias the tensor β
   * @param runningMean the tensor of the averages of means
   * @param runningVariance the tensor of the averages of variances
   * @param epsilon what is added to a variance
   */
  record BatchNorm(
      String name,
      String input,
      String weight,
      String bias,
      String runningMean,
      String runningVariance,
      float epsilon)
      implements Layer {}

  /**
   * max(0, x).
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   */
  record Relu(String name, String input) implements Layer {}

  /**
   * 1 / (1 + e⁻ˣ).
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   */
  record Sigmoid(String name, String input) implements Layer {}

  /**
   * A step's output times a factor for each channel.
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param factors the name of the step whose output has the factors, at one position
   */
  record Scale(String name, String input, String factors) implements Layer {}

  /**
   * The sum of several steps' outputs.
   *
   * @param name the step's own name
   * @param inputs the names of the steps whose outputs it reads
   */
  record Add(String name, List<String> inputs) implements Layer {}

  /**
   * The greatest value of each window of a channel.
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param kernel rows and columns of a window
   * @param padding rows and columns on each side that are never the greatest
   * @param stride step between neighbouring outputs, in both directions
   */
  record MaxPool(String name, String input, List<Integer> kernel, List<Integer> padding, int stride)
      implements Layer {}

  /**
   * The mean of each channel.
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   */
  record AveragePool(String name, String input) implements Layer {}

  /**
   * The final layer: a weight, {@code [classes][features]}, and a bias. Its outputs are logits.
   *
   * @param name the step's own name
   * @param input the name of the step whose output it reads
   * @param weight its tensor
   * @param bias its tensor, one value a class
   * @param features inputs, one a channel
   * @param classes outputs
   */
  record Linear(String name, String input, String weight, String bias, int features, int classes)
      implements Layer {}

  /**
   * {@return the steps of a whole network}
   *
   * @param architecture the network
   */
  static List<Layer> of(Architecture architecture) {
    return Graph.of(architecture).operations().stream().map(Layer::of).toList();
  }

  private static Layer of(Operation operation) {
    return switch (operation) {
      case Operation.Convolution convolution -> of(convolution);
      case Operation.Interleave(String name, String input, int rows, int columns, _) ->
          new Interleave(name, input, rows, columns);
      case Operation.BranchSum(String name, String input, int branches, _) ->
          new BranchSum(name, input, branches);
      case Operation.BatchNorm norm ->
          new BatchNorm(
              norm.name(),
              norm.input(),
              norm.tensor(Role.GAMMA),
              norm.tensor(Role.BETA),
              norm.tensor(Role.RUNNING_MEAN),
              norm.tensor(Role.RUNNING_VARIANCE),
              ConvUnit.EPSILON);
      case Operation.Relu(String name, String input, _) -> new Relu(name, input);
      case Operation.Sigmoid(String name, String input, _) -> new Sigmoid(name, input);
      case Operation.Scale(String name, String input, String factors, _) ->
          new Scale(name, input, factors);
      case Operation.Add(String name, List<String> inputs, _) -> new Add(name, inputs);
      case Operation.MaxPool(String name, String input, Kernel kernel, int stride, _) ->
          new MaxPool(name, input, extents(kernel), padding(kernel), stride);
      case Operation.AveragePool(String name, String input, _) -> new AveragePool(name, input);
      case Operation.Linear(String name, String input, Head head) ->
          new Linear(name, input, Head.WEIGHT, Head.BIAS, head.features(), head.classes());
    };
  }

  private static Convolution of(Operation.Convolution operation) {
    GroupConvolution convolution = operation.convolution();
    return new Convolution(
        operation.name(),
        operation.input(),
        operation.weight(),
        convolution.inputChannels(),
        convolution.outputChannels(),
        convolution.groups(),
        extents(convolution.kernel()),
        padding(convolution.kernel()),
        convolution.stride());
  }

  private static List<Integer> extents(Kernel kernel) {
    return List.of(kernel.height(), kernel.width());
  }

  private static List<Integer> padding(Kernel kernel) {
    return List.of(kernel.padRows(), kernel.padColumns());
  }
}
