package org.igcnet.train;

import org.igcnet.Hostile;

/** Descriptions of runs. See {@link Hostile}. */
public final class RunDescriptionFuzzer {
  private RunDescriptionFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file(
        RunFolder.RUN, input, folder -> RunFolder.description(folder).architecture().parameters());
  }
}
