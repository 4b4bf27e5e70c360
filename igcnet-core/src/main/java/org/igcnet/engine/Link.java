package org.igcnet.engine;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.ConvolutionProduct;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.IgcConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.BranchSum;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
import org.igcnet.arch.LinearMap.Step;
import org.igcnet.arch.SummedConvolution;

/**
 * What one {@link ConvPass} computes: a unit's whole linear map where one pass can, else one
 * convolution of a product, with the permutations around it.
 *
 * @param map never a {@link ConvolutionProduct}
 * @param input the shape that it reads
 * @param weights the names of its weights
 * @param rectified whether it reads the ReLU of the link before it
 * @param reads where its input channels stand
 * @param writes where its output channels go
 */
record Link(
    LinearMap map,
    ImageShape input,
    List<String> weights,
    boolean rectified,
    ChannelOrder reads,
    ChannelOrder writes) {
  /** The links of a unit, in the order in which they run. */
  static List<Link> of(ConvUnit unit) {
    return switch (unit.map()) {
      case GroupConvolution _, IgcConvolution _, SummedConvolution _ -> List.of(whole(unit));
      case ConvolutionProduct product -> factors(unit, product);
    };
  }

  private static Link whole(ConvUnit unit) {
    return new Link(
        unit.map(),
        unit.input(),
        unit.map().factors().stream().map(unit::weightName).toList(),
        false,
        ChannelOrder.identity(unit.map().inputChannels()),
        ChannelOrder.identity(unit.map().outputChannels()));
  }

  private static List<Link> factors(ConvUnit unit, ConvolutionProduct product) {
    List<Link> links = new ArrayList<>();
    ImageShape shape = unit.input();
    ChannelOrder order = ChannelOrder.identity(product.inputChannels());
    boolean rectified = false;
    for (Step step : product.steps()) {
      switch (step) {
        case Interleave interleave -> order = order.readThrough(interleave);
        case Rectify() -> rectified = true;
        case Factor factor -> {
          GroupConvolution convolution = factor.convolution();
          ChannelOrder written = ChannelOrder.identity(convolution.outputChannels());
          List<String> weight = List.of(unit.weightName(factor));
          links.add(new Link(convolution, shape, weight, rectified, order, written));
          shape = convolution.output(shape);
          order = written;
          rectified = false;
        }
        case BranchSum _ -> throw new IllegalArgumentException("a product sums no branches");
      }
    }
    links.add(links.removeLast().writing(product));
    return List.copyOf(links);
  }

  /** The last link, which also does the interleavings after it. */
  private Link writing(ConvolutionProduct product) {
    ChannelOrder order = writes;
    List<Step> steps = product.steps();
    int last = steps.lastIndexOf(product.factors().getLast());
    for (Step step : steps.subList(last + 1, steps.size())) {
      order = order.writtenThrough((Interleave) step);
    }
    return new Link(map, input, weights, rectified, reads, order);
  }

  /** The name of the unit that it is of: that of its weight, without the factor's. */
  String unit() {
    String weight = weights.getFirst();
    return weight.substring(0, weight.lastIndexOf('.', weight.lastIndexOf('.') - 1));
  }

  /** The shape that it writes. */
  ImageShape output() {
    return map.output(input);
  }
}
