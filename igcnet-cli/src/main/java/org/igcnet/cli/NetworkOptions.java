package org.igcnet.cli;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a user names a network. */
final class NetworkOptions {
  /** A number of classes that any network can have. */
  private static final int SOME_CLASSES = 2;

  @Parameters(
      arity = "0..1",
      paramLabel = "NETWORK",
      defaultValue = "IGC-L24M2",
      description = {
        "IGC-LlMm, RegConv-Wc or SumFusion-LlMm, each also with +Ident, or ResNet-Cc (default: ${DEFAULT-VALUE}).",
        "L may be a product, IGC-L6x4M2: one group convolution more in a block for each factor.",
        "Words after a hyphen vary the blocks of IGC, IGC-L24M2-swapped-relu+Ident:",
        "  swapped: primary 1×1, secondary 3×3",
        "  spatial: both 3×3",
        "  split: primary 3×1 and then 1×3",
        "  dense: secondary one ungrouped 1×1",
        "  narrowN: primary gives 1/N of the channels",
        "  relu: ReLU between the convolutions",
        "  se: squeeze and excitation after each block",
        "  oneway: channels not permuted back",
        "  unpermuted: channels not permuted",
        "  doubleL, doubleM: what doubles at a stage"
      })
  private String network = "";

  @Option(
      names = "--depth",
      paramLabel = "D",
      description =
          "Layers: 3B+2, with +Ident 6n+2; --body flat: B+2 and 2n+2; --body imagenet: 4B+2 and 8n+2 (default: 8; --body imagenet: 18).")
  private @Nullable Integer depth;

  @Option(
      names = "--body",
      paramLabel = "BODY",
      description =
          "stages (Table 2: 32, 16 and 8 pixels), flat (Figure 3: always 32) or imagenet (Table 6: 7×7 stem, max pool, 56 to 7 pixels of 224) (default: stages; for images from 128×128 on imagenet).")
  private @Nullable String body;

  /**
   * Family and identity mappings.
   *
   * @throws UsageMistake where there is no network of this name
   */
  NetworkName name() {
    return UsageMistake.unless(() -> NetworkName.parse(network));
  }

  /**
   * The network for images of a shape.
   *
   * @throws UsageMistake where there is none like this
   */
  Architecture architecture(int classes, ImageShape input) {
    return UsageMistake.unless(
        () -> Architecture.fitting(name(), body(), number(depth), classes, input));
  }

  /** The number of an option, where it is given. */
  static OptionalInt number(@Nullable Integer given) {
    return given == null ? OptionalInt.empty() : OptionalInt.of(given);
  }

  /**
   * Looks whether there can be such a network, before the images are known.
   *
   * @throws UsageMistake where there is none like this for any
   */
  void requirePossible() {
    List<ImageShape> inputs =
        body()
            .map(given -> List.of(given.paperInput()))
            .orElse(List.of(ImageShape.IMAGENET, ImageShape.CIFAR));
    if (inputs.stream().noneMatch(this::isPossible)) {
      architecture(SOME_CLASSES, inputs.getLast());
    }
  }

  private boolean isPossible(ImageShape input) {
    try {
      architecture(SOME_CLASSES, input);
      return true;
    } catch (UsageMistake mistake) {
      return false;
    }
  }

  /**
   * Where it changes size, if that is said.
   *
   * @throws UsageMistake where there is no body of this name
   */
  Optional<Body> body() {
    return UsageMistake.unless(() -> Optional.ofNullable(body).map(Body::parse));
  }
}
