package org.igcnet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What asks a process to end. */
enum Signal {
  /** What Ctrl-C sends. */
  INT(2),
  TERM(15);

  /** Shells say of a program that a signal ended: this and the signal's number. */
  private static final int ENDED_BY = 128;

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /**
   * Sends it, or {@link #TERM} where the tests' own process was told to ignore it, and so all
   * below.
   *
   * @return the exit code that it makes
   */
  int send(Process process) throws IOException, InterruptedException {
    Signal heeded = ignored() ? TERM : this;
    new ProcessBuilder("kill", "-" + heeded, String.valueOf(process.pid())).start().waitFor();
    return ENDED_BY + heeded.number;
  }

  private boolean ignored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readString(status)
            .lines()
            .filter(line -> line.startsWith("SigIgn:"))
            .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .anyMatch(ignored -> (ignored >> (number - 1) & 1) != 0);
  }
}
