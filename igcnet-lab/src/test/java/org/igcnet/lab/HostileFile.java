package org.igcnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.igcnet.UserError;

/**
 * Gives what reads a JSON file one that nobody means well with. {@code build/fuzz} calls each class
 * {@code …Fuzzer}, as it does the core's, whose frame for them no other module's tests see.
 */
final class HostileFile {
  private HostileFile() {}

  /** Nothing but a refusal of one sentence may come out. */
  static void read(byte[] content, Consumer<Path> reader) {
    try {
      Path file = Files.createTempFile("hostile", ".json");
      try {
        Files.write(file, content);
        reader.accept(file);
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
