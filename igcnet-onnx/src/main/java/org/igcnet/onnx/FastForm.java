package org.igcnet.onnx;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.FoldedNorm;
import org.igcnet.backend.Weights;
import org.igcnet.onnx.Part.Permutation;
import org.igcnet.onnx.Part.Product;

/** Each unit as few convolutions, with batch normalisation in the last one's rows and bias. */
final class FastForm {
  private final Weights weights;
  private final OnnxNodes nodes;

  private FastForm(Weights weights, OnnxNodes nodes) {
    this.weights = weights;
    this.nodes = nodes;
  }

  static void write(FastPlan plan, Head head, Weights weights, Maps maps) {
    FastForm form = new FastForm(weights, maps.nodes());
    for (FastPlan.Step step : plan.steps()) {
      switch (step) {
        case FastPlan.Folded folded ->
            maps.put(folded.output(), form.parts(folded, maps.value(folded.input())));
        case FastPlan.Kept(var operation) -> maps.write(operation);
      }
    }
    for (Parameter tensor : head.parameters()) {
      form.nodes.tensor(tensor, weights);
    }
  }

  /**
   * Normalisation and ReLU come right behind the last convolution, before a permutation that may
   * follow, so that a runtime computes all three as one.
   */
  private String parts(FastPlan.Folded step, String input) {
    List<Part> parts = step.parts();
    int last = lastProduct(parts);
    List<Part> after = parts.subList(last + 1, parts.size());
    String map = plain(parts.subList(0, last), input);
    return plain(after, ending(step, (Product) parts.get(last), after, map));
  }

  private String plain(List<Part> parts, String input) {
    String map = input;
    for (Part part : parts) {
      map =
          switch (part) {
            case Product product -> convolution(product, FoldedKernel.of(product, weights), map);
            case Permutation permutation -> permuted(permutation, map);
          };
    }
    return map;
  }

  private static int lastProduct(List<Part> parts) {
    int last = parts.size() - 1;
    while (!(parts.get(last) instanceof Product)) {
      last--;
    }
    return last;
  }

  /** The last convolution, with all that is done to a map channel by channel. */
  private String ending(FastPlan.Folded step, Product product, List<Part> after, String input) {
    FoldedKernel kernel = FoldedKernel.of(product, weights);
    String map =
        step.norm()
            .map(norm -> normalised(product, kernel, FoldedNorm.of(norm, weights), after, input))
            .orElseGet(() -> convolution(product, kernel, input));
    return step.rectified() ? nodes.node("Relu", product.name() + ".relu", List.of(map)) : map;
  }

  private String normalised(
      Product product, FoldedKernel kernel, FoldedNorm norm, List<Part> after, String input) {
    int[] channels = new int[product.output().channels()];
    for (int channel = 0; channel < channels.length; channel++) {
      int source = channel;
      for (Part part : after.reversed()) {
        source = ((Permutation) part).source(source);
      }
      channels[source] = channel;
    }
    kernel.scale(output -> norm.scale(channels[output]));
    float[] shifts = new float[channels.length];
    for (int output = 0; output < shifts.length; output++) {
      shifts[output] = (float) norm.shift(channels[output]);
    }
    String bias = nodes.floats(product.name() + ".bias", List.of(shifts.length), shifts, 0);
    return convolution(product, kernel, input, bias);
  }

  private String convolution(Product product, FoldedKernel kernel, String input, String... bias) {
    GroupConvolution shape = product.computed();
    String weight =
        nodes.floats(product.name() + ".weight", shape.weightShape(), kernel.widened(shape), 0);
    List<String> inputs = Stream.concat(Stream.of(input, weight), Stream.of(bias)).toList();
    return nodes.convolution(shape, product.name(), inputs);
  }

  private String permuted(Permutation permutation, String input) {
    return nodes.gather(
        permutation.name(), input, permutation.output().channels(), permutation::source);
  }
}
