package org.igcnet.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Real data, for tests that are skipped where there are none. */
public final class RealData {
  /** Beside the repository; tests run in their module's folder. */
  private static final Path BESIDE = Path.of("..", "..", "shared", "data");

  private static final Path UNPACK = BESIDE.resolve("unpack");

  private RealData() {}

  /** Finds a folder of samples: in {@code IGCNET_DATA}, else beside the repository. */
  public static Path sample(String name) {
    Path named = Path.of(Objects.requireNonNullElse(System.getenv("IGCNET_DATA"), "."), name);
    Path sample = Files.isDirectory(named) ? named : BESIDE.resolve(name);
    assumeTrue(
        Files.isDirectory(sample), "no %s: neither %s nor %s".formatted(name, named, sample));
    return sample;
  }

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
