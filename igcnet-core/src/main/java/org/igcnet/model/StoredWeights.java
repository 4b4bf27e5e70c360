package org.igcnet.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.igcnet.UserError;
import org.igcnet.arch.Parameter;
import org.igcnet.engine.Weights;
import org.igcnet.model.Safetensors.Stored;

/** Arrays laid out as {@link Weights}, cut into named tensors and joined again. */
public final class StoredWeights {
  private StoredWeights() {}

  /**
   * Copies tensors out.
   *
   * @param layout says where each tensor begins
   * @param values the array
   * @param which the tensors
   * @param prefix what stands before their names in the file
   */
  public static List<Stored> cut(
      Weights layout, float[] values, List<Parameter> which, String prefix) {
    return which.stream()
        .map(
            parameter -> {
              int from = layout.offset(parameter.name());
              float[] part = Arrays.copyOfRange(values, from, from + parameter.size());
              return new Stored(prefix + parameter.name(), parameter.shape(), part);
            })
        .toList();
  }

  /**
   * Copies tensors back.
   *
   * @param layout says where each tensor begins
   * @param values the array that is filled
   * @throws UserError as {@link #requireFit}
   */
  public static void join(
      Weights layout,
      float[] values,
      List<Parameter> which,
      String prefix,
      Map<String, Stored> tensors) {
    for (Parameter parameter : which) {
      float[] part = tensor(parameter, prefix, tensors).values();
      System.arraycopy(part, 0, values, layout.offset(parameter.name()), part.length);
    }
  }

  /**
   * Refuses tensors among which one is missing or has another shape.
   *
   * @throws UserError that names the first such tensor, not the file
   */
  public static void requireFit(List<Parameter> which, String prefix, Map<String, Stored> tensors) {
    which.forEach(parameter -> tensor(parameter, prefix, tensors));
  }

  private static Stored tensor(Parameter parameter, String prefix, Map<String, Stored> tensors) {
    String name = prefix + parameter.name();
    Stored stored = tensors.get(name);
    if (stored == null) {
      throw new UserError("the tensor %s is missing".formatted(name));
    }
    if (!stored.shape().equals(parameter.shape())) {
      throw new UserError(
          "the tensor %s has the shape %s, the network's has %s"
              .formatted(name, stored.shape(), parameter.shape()));
    }
    return stored;
  }
}
