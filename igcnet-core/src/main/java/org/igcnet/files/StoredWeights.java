package org.igcnet.files;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;
import org.igcnet.files.Safetensors.Stored;
import org.jspecify.annotations.Nullable;

/**
 * Tensors in an array that is laid out as {@link Weights}, as they are named in files. They are
 * written from the array and read into it, without a copy between.
 */
public final class StoredWeights {
  private final Weights layout;
  private final float[] values;
  private final List<Parameter> which;
  private final String prefix;

  /**
   * Some of a network's tensors.
   *
   * @param layout says where each tensor begins
   * @param values the array, not copied
   * @param which the tensors
   * @param prefix what stands before their names in the file
   */
  public StoredWeights(Weights layout, float[] values, List<Parameter> which, String prefix) {
    this.layout = layout;
    this.values = values;
    this.which = List.copyOf(which);
    this.prefix = prefix;
  }

  /**
   * {@return every tensor of a network, under its own name}
   *
   * @param weights all tensors
   */
  public static StoredWeights of(Weights weights) {
    return new StoredWeights(weights, weights.values(), weights.parameters(), "");
  }

  /** {@return the tensors, which change with the array} */
  public List<Stored> tensors() {
    return which.stream()
        .map(parameter -> new Stored(name(parameter), parameter.shape(), part(parameter)))
        .toList();
  }

  /**
   * Fills arrays from a file. Nothing is filled where a tensor is missing or has another shape.
   *
   * @param file the file
   * @param all the arrays, which together have every tensor of the file
   * @throws UserError where that is so, or a value cannot be; it names the first such tensor, not
   *     the file
   */
  public static void fill(SafetensorsFile file, List<StoredWeights> all) {
    Map<String, FloatBuffer> parts = new LinkedHashMap<>();
    for (StoredWeights stored : all) {
      for (Parameter parameter : stored.which) {
        stored.requireFit(parameter, file.shapes().get(stored.name(parameter)));
        parts.put(stored.name(parameter), stored.part(parameter));
      }
    }
    requireNoOther(file, parts);
    file.read(parts);
    all.forEach(StoredWeights::requireSound);
  }

  private void requireFit(Parameter parameter, @Nullable List<Integer> shape) {
    if (shape == null) {
      throw new UserError(Kind.DAMAGED, "the tensor %s is missing".formatted(name(parameter)));
    }
    if (!shape.equals(parameter.shape())) {
      throw new UserError(
          Kind.DAMAGED,
          "the tensor %s has the shape %s, the network's has %s"
              .formatted(name(parameter), shape, parameter.shape()));
    }
  }

  private static void requireNoOther(SafetensorsFile file, Map<String, FloatBuffer> parts) {
    List<String> others = new ArrayList<>(file.shapes().keySet());
    others.removeAll(parts.keySet());
    if (!others.isEmpty()) {
      throw new UserError(
          Kind.DAMAGED,
          "it has %d tensors, the network %d".formatted(file.shapes().size(), parts.size()));
    }
  }

  /** What training leaves are numbers, and variances are not below 0. */
  private void requireSound() {
    for (Parameter parameter : which) {
      boolean variance = parameter.role() == Parameter.Role.RUNNING_VARIANCE;
      int from = layout.offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        if (!parameter.role().allows(values[i])) {
          throw new UserError(
              Kind.DAMAGED,
              "the tensor %s holds %s, which is no %s"
                  .formatted(name(parameter), values[i], variance ? "variance" : "finite number"));
        }
      }
    }
  }

  private String name(Parameter parameter) {
    return prefix + parameter.name();
  }

  private FloatBuffer part(Parameter parameter) {
    return FloatBuffer.wrap(values, layout.offset(parameter.name()), parameter.size()).slice();
  }
}
