package org.igcnet.arch;

import java.nio.charset.StandardCharsets;
import org.igcnet.Hostile;

/** Names of networks. See {@link Hostile}. */
public final class NetworkNameFuzzer {
  private NetworkNameFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.refusable(
        () -> {
          NetworkName name = NetworkName.parse(new String(input, StandardCharsets.UTF_8));
          if (!NetworkName.parse(name.toString()).equals(name)) {
            throw new AssertionError(name + " is read as another");
          }
          new Architecture(name, Body.STAGES, 8, 10, ImageShape.CIFAR).parameters();
        });
  }
}
