package org.igcnet.cli;

import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.backend.HeapShortage;
import org.igcnet.train.RunExists;
import picocli.CommandLine;

/** What the command line can do about what the library says: the library does not know of it. */
final class Remedy {
  private Remedy() {}

  /** A command that can be given less to do at a time. */
  interface Smaller {
    /** How, for people, where this can be: {@code a smaller --batch}. */
    Optional<String> smaller();
  }

  /** A mistake, and what mends it. */
  static String sentence(UserError mistake, CommandLine command) {
    String message = String.valueOf(mistake.getMessage());
    return switch (mistake) {
      case HeapShortage shortage ->
          "%s; %sIGCNET_JAVA_OPTS=-Xmx%dm gives Java more"
              .formatted(
                  message, shortage.computing() ? smaller(command) : "", shortage.megabytes());
      case RunExists run ->
          "%s: %s continues that run"
              .formatted(message, Hint.command("train", "--resume", run.folder()));
      default -> message;
    };
  }

  /** What to do where memory ran out in spite of all plans. */
  static String sentence(OutOfMemoryError error, CommandLine command) {
    return "the memory of the Java process is used up (%s); %sIGCNET_JAVA_OPTS=-Xmx%dm gives it more"
        .formatted(
            error.getMessage(), smaller(command), 2 * (Runtime.getRuntime().maxMemory() >> 20));
  }

  private static String smaller(CommandLine command) {
    return Optional.of(command.getCommandSpec().userObject())
        .filter(Smaller.class::isInstance)
        .map(Smaller.class::cast)
        .flatMap(Smaller::smaller)
        .map(how -> how + " needs less, and ")
        .orElse("");
  }
}
