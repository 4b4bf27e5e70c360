package org.igcnet.lab;

import java.nio.file.Path;
import java.util.List;

/** Experiments as data files. See {@link HostileFile}. */
public final class ExperimentFuzzer {
  private static final int MOST_CELLS = 20;

  private ExperimentFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    HostileFile.read(input, ExperimentFuzzer::read);
  }

  private static void read(Path file) {
    Experiment experiment = Experiment.named(file.toString());
    if (experiment.cells().size() <= MOST_CELLS) {
      Results.of(experiment, Scope.ALL, List.of(), file);
    }
  }
}
