package org.igcnet.model;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.igcnet.arch.ConvUnit;

/** How files call the tensors of a network. */
public enum TensorNames {
  /** As {@code model.safetensors} of our models does. */
  OURS(ConvUnit.EPSILON),

  /**
   * As torchvision and timm do for a ResNet of two convolutions a block, which our ResNet-C64 of
   * depth 18 on the ImageNet body is.
   */
  TORCHVISION(1e-5f);

  private static final List<Rule> TO_TORCHVISION =
      List.of(
          new Rule("stem\\.conv\\.", "conv1."),
          new Rule("stem\\.bn\\.", "bn1."),
          new Rule("stage(\\d+)\\.(\\d+)\\.first\\.(conv|bn)\\.", "layer$1.$2.$31."),
          new Rule("stage(\\d+)\\.(\\d+)\\.second\\.(conv|bn)\\.", "layer$1.$2.$32."),
          new Rule("stage(\\d+)\\.(\\d+)\\.shortcut\\.conv\\.", "layer$1.$2.downsample.0."),
          new Rule("stage(\\d+)\\.(\\d+)\\.shortcut\\.bn\\.", "layer$1.$2.downsample.1."));

  private final float epsilon;

  TensorNames(float epsilon) {
    this.epsilon = epsilon;
  }

  /** How a name of ours begins, and what stands there instead. */
  private record Rule(Pattern begins, String instead) {
    Rule(String begins, String instead) {
      this(Pattern.compile("^" + begins), instead);
    }
  }

  /** Which they are, given whether there is a tensor of a name. */
  static TensorNames in(Predicate<String> there) {
    return there.test("conv1.weight") ? TORCHVISION : OURS;
  }

  /** {@return the ε of batch normalisation that networks with such names have} */
  public float epsilon() {
    return epsilon;
  }

  /**
   * {@return what a tensor is called so}
   *
   * @param ours its name in our models; one that there is no other word for stays
   */
  public String of(String ours) {
    return switch (this) {
      case OURS -> ours;
      case TORCHVISION ->
          TO_TORCHVISION.stream()
              .filter(rule -> rule.begins().matcher(ours).find())
              .findFirst()
              .map(rule -> rule.begins().matcher(ours).replaceFirst(rule.instead()))
              .orElse(ours);
    };
  }
}
