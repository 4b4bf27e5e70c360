package org.igcnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.igcnet.UserError;

/** Experiments as data files. {@code build/fuzz} calls this with hostile ones. */
public final class ExperimentFuzzer {
  private static final int MOST_CELLS = 20;

  private ExperimentFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      Path file = Files.createTempFile("hostile", ".json");
      try {
        Files.write(file, input);
        Experiment experiment = Experiment.named(file.toString());
        if (experiment.cells().size() <= MOST_CELLS) {
          Results.of(experiment, Scope.ALL, List.of(), file);
        }
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
