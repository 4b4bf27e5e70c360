package org.igcnet.theory;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;

/**
 * Parameters and multiply-adds of a network as Table 3 counts them: convolutions and the final
 * layer, without batch normalisation.
 *
 * @param layers every layer with weights, in the order in which they run
 */
public record NetworkCost(List<LayerCost> layers) {
  public NetworkCost {
    layers = List.copyOf(layers);
  }

  /** Counts a network layer by layer. */
  public static NetworkCost of(Architecture architecture) {
    List<LayerCost> layers = new ArrayList<>();
    for (ConvUnit unit : architecture.units()) {
      addFactors(unit, layers);
    }
    layers.add(finalLayer(architecture.head()));
    return new NetworkCost(layers);
  }

  private static void addFactors(ConvUnit unit, List<LayerCost> layers) {
    ImageShape shape = unit.input();
    for (LinearMap.Factor factor : unit.map().factors()) {
      String name = unit.name() + "." + factor.name();
      LayerCost layer = new LayerCost(name, factor.name(), factor.convolution(), shape, false);
      layers.add(layer);
      shape = layer.output();
    }
  }

  private static LayerCost finalLayer(Head head) {
    GroupConvolution linear =
        new GroupConvolution(head.features(), head.classes(), 1, Kernel.POINT, 1);
    return new LayerCost("fc", "linear", linear, new ImageShape(head.features(), 1, 1), true);
  }

  /** Weights of all convolutions, and weights and biases of the final layer. */
  public long parameters() {
    return layers.stream().mapToLong(LayerCost::parameters).sum();
  }

  /** Multiply-adds for one image; the paper's FLOPs. */
  public long multiplyAdds() {
    return layers.stream().mapToLong(LayerCost::multiplyAdds).sum();
  }
}
