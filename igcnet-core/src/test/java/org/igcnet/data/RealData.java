package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder with the real CIFAR data, for tests that are skipped where there is none. */
public final class RealData {
  /** Beside the repository; tests run in their module's folder. */
  private static final Path UNPACK = Path.of("..", "..", "shared", "data", "unpack");

  private RealData() {}

  /**
   * Finds {@code cifar-10-batches-bin} and {@code cifar-100-binary}: in {@code IGCNET_DATA}, else
   * where the script beside the repository unpacks them.
   */
  public static Path folder() throws IOException, InterruptedException {
    String named = System.getenv("IGCNET_DATA");
    if (named != null) {
      return Path.of(named);
    }
    assumeTrue(
        Files.isExecutable(UNPACK),
        "no CIFAR data: neither IGCNET_DATA is set nor is there " + UNPACK);
    Process unpack =
        new ProcessBuilder(UNPACK.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(unpack.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(unpack.waitFor()).as("exit status of %s", UNPACK).isZero();
    return Path.of(printed);
  }
}
