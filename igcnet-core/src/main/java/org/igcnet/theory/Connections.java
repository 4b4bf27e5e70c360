package org.igcnet.theory;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.Factor;
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

/**
 * How a block's composite kernel (equation 6) connects channels: a path leads from an input channel
 * through one channel of each map between two convolutions to an output channel. Activations
 * between convolutions leave the paths as they are.
 *
 * @param inputs number of input channels
 * @param outputs number of output channels
 * @param fewest paths from an input to an output channel, over all pairs
 * @param most paths likewise
 * @param kernel the composite kernel's spatial extent
 */
public record Connections(int inputs, int outputs, long fewest, long most, Kernel kernel) {
  /**
   * Follows all paths through a linear map.
   *
   * @param map the linear map, activations in it or not
   * @return how it connects channels
   */
  public static Connections of(LinearMap map) {
    long fewest = Long.MAX_VALUE;
    long most = 0;
    // The input channels of one partition of the first convolution lead to the same places.
    int partition = map.factors().getFirst().convolution().groupInputs();
    for (int input = 0; input < map.inputChannels(); input += partition) {
      for (long paths : paths(map, input)) {
        fewest = Math.min(fewest, paths);
        most = Math.max(most, paths);
      }
    }
    return new Connections(
        map.inputChannels(), map.outputChannels(), fewest, most, compositeKernel(map));
  }

  /**
   * {@return the connections of the blocks of a network, shortcuts left out: each different linear
   * map once, by the name of the first unit that has it}
   *
   * @param architecture the network
   */
  public static Map<String, Connections> ofBlocks(Architecture architecture) {
    Map<LinearMap, String> firsts = new LinkedHashMap<>();
    architecture.blocks().stream()
        .flatMap(block -> block.trunk().stream())
        .forEach(unit -> firsts.putIfAbsent(unit.map(), unit.name()));
    Map<String, Connections> connections = new LinkedHashMap<>();
    firsts.forEach((map, name) -> connections.put(name, of(map)));
    return connections;
  }

  /** {@return whether each output channel is connected to each input channel} */
  public boolean dense() {
    return fewest > 0;
  }

  /** The number of paths from one input channel to each output channel. */
  static long[] paths(LinearMap map, int input) {
    long[] paths = new long[map.inputChannels()];
    paths[input] = 1;
    for (Operation operation : Graph.of(map, new ImageShape(map.inputChannels(), 1, 1))) {
      paths =
          switch (operation) {
            case Convolution convolution -> blend(convolution.convolution(), paths);
            case Interleave interleave -> move(interleave, paths);
            case BranchSum sum -> sum(sum.branches(), paths);
            case Relu _ -> paths;
            case BatchNorm _, Sigmoid _, Scale _, Add _, MaxPool _, AveragePool _, Linear _ ->
                throw new IllegalArgumentException(operation + " is no linear map's");
          };
    }
    return paths;
  }

  /** Each output channel is reached from all input channels of its partition. */
  private static long[] blend(GroupConvolution convolution, long[] paths) {
    long[] reached = new long[convolution.outputChannels()];
    for (int group = 0; group < convolution.groups(); group++) {
      int from = group * convolution.groupInputs();
      int to = group * convolution.groupOutputs();
      long sum = Arrays.stream(paths, from, from + convolution.groupInputs()).sum();
      Arrays.fill(reached, to, to + convolution.groupOutputs(), sum);
    }
    return reached;
  }

  private static long[] move(Interleave interleave, long[] paths) {
    long[] moved = new long[paths.length];
    for (int channel = 0; channel < paths.length; channel++) {
      moved[interleave.moved(channel)] = paths[channel];
    }
    return moved;
  }

  private static long[] sum(int branches, long[] paths) {
    long[] sums = new long[paths.length / branches];
    for (int channel = 0; channel < paths.length; channel++) {
      sums[channel % sums.length] += paths[channel];
    }
    return sums;
  }

  private static Kernel compositeKernel(LinearMap map) {
    int height = 1;
    int width = 1;
    int step = 1;
    for (Factor factor : map.factors()) {
      GroupConvolution convolution = factor.convolution();
      height += (convolution.kernel().height() - 1) * step;
      width += (convolution.kernel().width() - 1) * step;
      step *= convolution.stride();
    }
    return new Kernel(height, width);
  }
}
