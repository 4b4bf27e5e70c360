package org.igcnet.arch;

import java.util.List;
import org.igcnet.arch.Parameter.Role;

/**
 * Global average pool and the final layer.
 *
 * @param input the last block's output
 * @param classes number of classes
 */
public record Head(ImageShape input, int classes) {
  public static final String WEIGHT = "fc.weight";
  public static final String BIAS = "fc.bias";

  /** {@return the inputs of the final layer: one a channel} */
  public int features() {
    return input.channels();
  }

  /** {@return the final layer's weight and its bias} */
  public List<Parameter> parameters() {
    return List.of(
        new Parameter(WEIGHT, Role.LINEAR, List.of(classes, features()), features()),
        new Parameter(BIAS, Role.BIAS, List.of(classes), features()));
  }
}
