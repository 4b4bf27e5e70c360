package org.igcnet.cpu.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.Parameter;

/** Every tensor of a network in one array, in the order given, and the gradients beside them. */
final class ReferenceWeights {
  private final Map<String, Slice> slices = new HashMap<>();
  private final double[] values;
  private final double[] gradients;

  ReferenceWeights(List<Parameter> parameters) {
    int size = 0;
    for (Parameter parameter : parameters) {
      slices.put(parameter.name(), new Slice(this, size));
      size += parameter.size();
    }
    values = new double[size];
    gradients = new double[size];
  }

  Slice slice(String name) {
    Slice slice = slices.get(name);
    if (slice == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return slice;
  }

  double[] values() {
    return values;
  }

  double[] gradients() {
    return gradients;
  }
}
