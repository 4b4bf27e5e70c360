package org.igcnet.cli;

import org.igcnet.data.Views;
import picocli.CommandLine.Option;

/** What a network is shown of each image. */
final class ViewsOption {
  @Option(
      names = "--views",
      paramLabel = "VIEWS",
      defaultValue = "one",
      description =
          "What the network is shown of each image, of which its answer is the mean: one, the image; mirror, its mirror image too; crops, four shifted ones more and all of them mirrored (default: ${DEFAULT-VALUE}).")
  private Views views = Views.ONE;

  Views chosen() {
    return views;
  }
}
