package org.igcnet.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;

/**
 * The tensors of a network as parts of one tensor, in the order of {@link Weights}.
 *
 * @param weights says where each begins
 * @param format how a kernel's values lie in its part
 */
record Parts(Weights weights, MemoryFormat format) {
  /** A tensor's part of one that holds all, in the shape that the network knows. */
  Tensor of(Tensor all, Parameter parameter) {
    long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
    Tensor part = all.narrow(0, weights.offset(parameter.name()), parameter.size());
    return format == MemoryFormat.CHANNELS_LAST && shape.length == 4
        ? part.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2)
        : part.view(shape);
  }

  /**
   * All parts by name, to be closed by the caller; the gradient of each is the same part of the
   * gradients.
   */
  Map<String, Tensor> learning(Tensor values, Tensor gradients) {
    Map<String, Tensor> parts = new LinkedHashMap<>();
    for (Parameter parameter : weights.parameters()) {
      // A tensor's data has a history of its own: moving the running averages of one unit does not
      // count for autograd as a change of all that lies in the same memory.
      Tensor part = Kept.only(() -> of(values, parameter).variable_data());
      if (parameter.role().learned()) {
        part.set_requires_grad(true);
        try (Tensor gradient = Kept.only(() -> of(gradients, parameter))) {
          part.mutable_grad().put(gradient);
        }
      }
      parts.put(parameter.name(), part);
    }
    return parts;
  }

  /** Copies all values, each part into the same one, which may lie in another format. */
  void copy(Tensor from, Parts others, Tensor to) {
    for (Parameter parameter : weights.parameters()) {
      others.of(to, parameter).copy_(of(from, parameter));
    }
  }
}
