package org.igcnet.onnx;

import static org.igcnet.onnx.OnnxNodes.attribute;

import java.util.List;
import java.util.Map;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Parameter;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.backend.Weights;

/** Each operation as a node, each tensor as the model has it. */
final class PaperForm {
  private final Maps maps;
  private final OnnxNodes nodes;

  private PaperForm(Maps maps) {
    this.maps = maps;
    this.nodes = maps.nodes();
  }

  static void write(Graph network, Weights weights, Maps maps) {
    for (Parameter tensor : weights.parameters()) {
      maps.nodes().tensor(tensor, weights);
    }
    PaperForm form = new PaperForm(maps);
    Map<String, Operation> readers = network.lastReaders();
    network.forEach(operation -> form.write(operation, readers));
  }

  private void write(Operation operation, Map<String, Operation> readers) {
    switch (operation) {
      case Convolution own when readers.get(own.name()) instanceof BranchSum sum ->
          maps.put(own.name(), summed(own, sum));
      case Convolution own ->
          maps.put(own.name(), convolution(own.convolution(), own, own.weight()));
      case BranchSum own -> maps.put(own.name(), maps.value(own.input())); // the kernels are summed
      case Interleave own -> maps.put(own.name(), interleaved(own));
      case BatchNorm own -> maps.put(own.name(), norm(own));
      default -> maps.write(operation);
    }
  }

  private String convolution(GroupConvolution shape, Convolution own, String weight) {
    return nodes.convolution(shape, own.name(), List.of(maps.value(own.input()), weight));
  }

  /**
   * Equation 21: branches over the same input are one convolution with the sum of their kernels. A
   * runtime sums them when it loads the model, as they are constant.
   */
  private String summed(Convolution branches, BranchSum sum) {
    GroupConvolution branch = branches.convolution().branch(sum.branches());
    String kernels =
        nodes.reshape(
            branches.unit() + ".kernels",
            branches.weight(),
            sum.branches(),
            branch.outputChannels(),
            branch.inputChannels(),
            branch.kernel().height(),
            branch.kernel().width());
    String summed =
        nodes.node(
            "ReduceSum",
            branches.unit() + ".kernel",
            List.of(kernels, nodes.integers(branches.unit() + ".kernel.axes", 0)),
            attribute("keepdims", 0L));
    return convolution(branch, branches, summed);
  }

  private String interleaved(Interleave own) {
    String map = maps.value(own.input());
    return own.identity()
        ? map
        : nodes.gather(own.name(), map, own.output().channels(), own::source);
  }

  private String norm(BatchNorm own) {
    return nodes.node(
        "BatchNormalization",
        own.name(),
        List.of(
            maps.value(own.input()),
            own.tensor(Role.GAMMA),
            own.tensor(Role.BETA),
            own.tensor(Role.RUNNING_MEAN),
            own.tensor(Role.RUNNING_VARIANCE)),
        attribute("epsilon", ConvUnit.EPSILON));
  }
}
