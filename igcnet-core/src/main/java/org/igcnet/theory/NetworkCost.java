package org.igcnet.theory;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
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

/**
 * Parameters and multiply-adds of a network as Table 3 counts them: convolutions and the final
 * layer, without batch normalisation.
 *
 * @param layers every layer with weights, in the order in which they run
 */
public record NetworkCost(List<LayerCost> layers) {
  /** Copies the list. */
  public NetworkCost {
    layers = List.copyOf(layers);
  }

  /**
   * Counts a network layer by layer.
   *
   * @param architecture the network
   * @return what each layer costs
   */
  public static NetworkCost of(Architecture architecture) {
    List<LayerCost> layers = new ArrayList<>();
    for (Operation operation : Graph.of(architecture)) {
      switch (operation) {
        case Convolution convolution -> layers.add(layer(convolution));
        case Linear(String name, String _, Head head) -> layers.add(finalLayer(name, head));
        case Interleave _,
            BranchSum _,
            BatchNorm _,
            Relu _,
            Sigmoid _,
            Scale _,
            Add _,
            MaxPool _,
            AveragePool _ -> {
          // none of these has a weight that is counted
        }
      }
    }
    return new NetworkCost(layers);
  }

  private static LayerCost layer(Convolution operation) {
    return new LayerCost(
        operation.unit(),
        operation.name(),
        operation.factor(),
        operation.convolution(),
        operation.from(),
        false);
  }

  private static LayerCost finalLayer(String name, Head head) {
    GroupConvolution linear =
        new GroupConvolution(head.features(), head.classes(), 1, Kernel.POINT, 1);
    return new LayerCost(name, name, "linear", linear, new ImageShape(head.features(), 1, 1), true);
  }

  /** {@return the weights of all convolutions, and weights and biases of the final layer} */
  public long parameters() {
    return layers.stream().mapToLong(LayerCost::parameters).sum();
  }

  /** {@return the multiply-adds for one image; the paper's FLOPs} */
  public long multiplyAdds() {
    return layers.stream().mapToLong(LayerCost::multiplyAdds).sum();
  }
}
