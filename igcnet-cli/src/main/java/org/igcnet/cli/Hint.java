package org.igcnet.cli;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Commands for the user to paste into a shell. */
final class Hint {
  /** By this system property the launcher says how it was called, for example {@code ./igcnet}. */
  private static final String PROGRAM_PROPERTY = "igcnet.program";

  /** The program as it was called. */
  static final String PROGRAM = quoted(System.getProperty(PROGRAM_PROPERTY, "igcnet"));

  /** What every shell takes as it stands. */
  private static final String PLAIN = "[\\p{L}\\p{N}_@%+=:,./-]+";

  private Hint() {}

  /** A command of this program: its words, those quoted that a shell would not take as they are. */
  static String command(Object... words) {
    return PROGRAM
        + Arrays.stream(words)
            .map(word -> " " + quoted(word.toString()))
            .collect(Collectors.joining());
  }

  /** One word for a shell. */
  static String quoted(String word) {
    return word.matches(PLAIN) ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
