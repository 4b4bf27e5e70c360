package org.igcnet.cli;

import org.igcnet.backend.Compute;
import picocli.CommandLine.Option;

/** What runs the network, and where. */
final class EngineOptions {
  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "igc",
      description =
          "igc (built in), or torch: libtorch, which is fetched on first use (default: ${DEFAULT-VALUE}).")
  private String engine = "";

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = Compute.CPU,
      description =
          "cpu, or with the GPU build of libtorch cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device = "";

  String device() {
    return device;
  }

  /**
   * The engine.
   *
   * @param threads threads that compute
   * @throws UsageMistake where there is none of that name, or it has no such device
   */
  Compute compute(int threads) {
    return UsageMistake.unless(() -> Compute.of(engine, device, threads));
  }
}
