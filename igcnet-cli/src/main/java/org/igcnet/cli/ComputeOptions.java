package org.igcnet.cli;

import org.igcnet.UserError;
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
   * @throws UserError where there cannot be so many
   */
  int threads() {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new UserError(
          "--threads is %d; it must be from 1 to %d".formatted(threads, MOST_THREADS));
    }
    return threads;
  }
}
