package org.igcnet.lab;

/** Results of experiments. See {@link HostileFile}. */
public final class ResultsFuzzer {
  private ResultsFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    HostileFile.read(input, Results.FORMAT::read);
  }
}
