package org.igcnet.lab;

import java.util.List;

/**
 * How a training is repeated from a shell.
 *
 * @param command what to give the shell
 * @param unsaid what of the training the command cannot say, a phrase each; nothing where it says
 *     all
 */
public record Repeat(String command, List<String> unsaid) {
  public Repeat {
    unsaid = List.copyOf(unsaid);
  }
}
