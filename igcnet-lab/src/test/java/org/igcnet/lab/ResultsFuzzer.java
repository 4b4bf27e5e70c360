package org.igcnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.igcnet.UserError;

/** Results of experiments. {@code build/fuzz} calls this with hostile ones. */
public final class ResultsFuzzer {

  private ResultsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Path file = Files.createTempFile("hostile", ".json");
      try {
        Files.write(file, input);
        Results.FORMAT.read(file);
      } catch (UserError refused) {
        if (String.valueOf(refused.getMessage()).isBlank()) {
          throw new AssertionError("refused without a word", refused);
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
