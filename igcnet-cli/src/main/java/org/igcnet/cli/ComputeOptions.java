package org.igcnet.cli;

import picocli.CommandLine.Option;

/** What a command that computes may use of the machine. */
final class ComputeOptions {
  private static final int MOST_THREADS = 1024;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that compute; results do not depend on it (default: one a core).")
  private int threads = Runtime.getRuntime().availableProcessors();

  /**
   * Number of threads.
   *
   * @throws UsageMistake where there cannot be so many
   */
  int threads() {
    return UsageMistake.inRange("--threads", threads, 1, MOST_THREADS);
  }
}
