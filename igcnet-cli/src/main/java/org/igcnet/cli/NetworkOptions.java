package org.igcnet.cli;

import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How a user names a network. */
final class NetworkOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "NETWORK",
      defaultValue = "IGC-L24M2",
      description =
          "IGC-LlMm, RegConv-Wc or SumFusion-LlMm, each also with +Ident (default: ${DEFAULT-VALUE}).")
  private String network = "";

  @Option(
      names = "--depth",
      paramLabel = "D",
      defaultValue = "8",
      description =
          "Layers: 3B+2, with +Ident 6n+2; --body flat: B+2 and 2n+2 (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--body",
      defaultValue = "stages",
      description =
          "stages (Table 2: 32, 16 and 8 pixels) or flat (Figure 3: always 32) (default: ${DEFAULT-VALUE}).")
  private String body = "";

  /**
   * Family and identity mappings.
   *
   * @throws org.igcnet.UserError where there is no network of this name
   */
  NetworkName name() {
    return NetworkName.parse(network);
  }

  /**
   * The network for 32×32 colour images.
   *
   * @throws org.igcnet.UserError where there is none like this
   */
  Architecture architecture(int classes) {
    return new Architecture(name(), Body.parse(body), depth, classes, ImageShape.CIFAR);
  }
}
