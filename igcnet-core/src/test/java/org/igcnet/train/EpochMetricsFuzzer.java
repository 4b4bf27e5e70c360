package org.igcnet.train;

import org.igcnet.Hostile;

/** Lines of metrics. See {@link Hostile}. */
public final class EpochMetricsFuzzer {
  private EpochMetricsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    Hostile.file("metrics.jsonl", input, folder -> RunFolder.metrics(folder));
  }
}
