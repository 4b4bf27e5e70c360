package org.igcnet.data;

import java.nio.charset.StandardCharsets;
import org.igcnet.Hostile;

/** Names of data. See {@link Hostile}. */
public final class DataSpecFuzzer {
  private DataSpecFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.refusable(
        () -> {
          DataSpec spec = DataSpec.parse(new String(input, StandardCharsets.UTF_8));
          if (!DataSpec.parse(spec.toString()).equals(spec)) {
            throw new AssertionError(spec + " is read as another");
          }
          spec.seed();
          spec.folder();
        });
  }
}
