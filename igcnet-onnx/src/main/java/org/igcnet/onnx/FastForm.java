package org.igcnet.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.FoldedNorm;
import org.igcnet.backend.Weights;

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
            maps.put(folded.output(), form.convolutions(folded, maps.value(folded.input())));
        case FastPlan.Kept(var operation) -> maps.write(operation);
      }
    }
    for (Parameter tensor : head.parameters()) {
      maps.nodes()
          .floats(tensor.name(), tensor.shape(), weights.values(), weights.offset(tensor.name()));
    }
  }

  private String convolutions(FastPlan.Folded step, String input) {
    Link last = step.links().getLast();
    String value = input;
    for (Link link : step.links()) {
      value = convolution(link, value, link.equals(last) ? step.norm() : Optional.empty());
    }
    return value;
  }

  private String convolution(Link link, String input, Optional<BatchNorm> norm) {
    GroupConvolution wide = link.widened();
    FoldedKernel kernel = FoldedKernel.of(link, weights);
    List<String> inputs = new ArrayList<>(List.of(input));
    Optional<FoldedNorm> folded = norm.map(own -> FoldedNorm.of(own, weights));
    folded.ifPresent(kernel::scale);
    inputs.add(nodes.floats(link.name() + ".weight", wide.weightShape(), kernel.widened(wide), 0));
    folded.ifPresent(
        factors -> inputs.add(bias(link.name() + ".bias", factors, wide.outputChannels())));
    return nodes.convolution(wide, link.name(), inputs);
  }

  private String bias(String name, FoldedNorm norm, int channels) {
    float[] shifts = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      shifts[channel] = (float) norm.shift(channel);
    }
    return nodes.floats(name, List.of(channels), shifts, 0);
  }
}
