package org.igcnet.backend;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;

/**
 * Every tensor of a network, one after the other in one array.
 *
 * <p>The order is that of {@link Architecture#parameters()}; each tensor is contiguous, in the
 * row-major order of its shape.
 */
public final class Weights {
  private final List<Parameter> parameters;
  private final Map<String, Integer> offsets;
  private final float[] values;

  private Weights(List<Parameter> parameters, Map<String, Integer> offsets, int size) {
    this.parameters = parameters;
    this.offsets = offsets;
    this.values = new float[size];
  }

  /**
   * {@return weights that are all 0}
   *
   * @param architecture the network
   * @throws org.igcnet.UserError where the network has more weights than an array holds
   */
  public static Weights of(Architecture architecture) {
    List<Parameter> parameters = architecture.parameters();
    Map<String, Integer> offsets = new LinkedHashMap<>();
    long size = 0;
    for (Parameter parameter : parameters) {
      offsets.put(parameter.name(), (int) size);
      size += parameter.size();
    }
    return new Weights(parameters, offsets, MemoryPlan.length(size, "the weights of the network"));
  }

  /** {@return weights of the same network, with the same values} */
  public Weights copy() {
    Weights copy = new Weights(parameters, offsets, values.length);
    System.arraycopy(values, 0, copy.values, 0, values.length);
    return copy;
  }

  /** {@return every tensor, in the order of their values} */
  public List<Parameter> parameters() {
    return parameters;
  }

  /**
   * {@return where a tensor begins in {@link #values()}}
   *
   * @param name the tensor's name
   */
  public int offset(String name) {
    Integer offset = offsets.get(name);
    if (offset == null) {
      throw new IllegalArgumentException("the network has no tensor \"" + name + "\"");
    }
    return offset;
  }

  /** {@return the values themselves, not a copy} */
  public float[] values() {
    return values;
  }
}
