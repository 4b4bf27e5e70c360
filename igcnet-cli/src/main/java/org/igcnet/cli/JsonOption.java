package org.igcnet.cli;

import picocli.CommandLine.Option;

/** {@code --json}, of every command that prints facts. */
final class JsonOption {
  @Option(names = "--json", description = "Print one JSON document and nothing else.")
  private boolean wanted;

  boolean wanted() {
    return wanted;
  }
}
