package org.igcnet.cli;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** A value on the command line that cannot be: wrong usage, as against what a file holds. */
final class UsageMistake extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageMistake(String sentence) {
    super(sentence);
  }

  private UsageMistake(UserError mistake) {
    super(mistake.getMessage(), mistake);
  }

  /**
   * Makes something of the words of the command line alone.
   *
   * @throws UsageMistake where that is a mistake of the user
   */
  static <T> T unless(Supplier<T> made) {
    try {
      return made.get();
    } catch (UserError mistake) {
      throw new UsageMistake(mistake);
    }
  }

  /**
   * Looks at the words of the command line alone.
   *
   * @throws UsageMistake where they hold a mistake of the user
   */
  static void unless(Runnable look) {
    unless(
        () -> {
          look.run();
          return true;
        });
  }

  /** Requires a number on the command line to be in its range. */
  static int inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageMistake(
          "%s is %d; it must be from %d to %,d".formatted(option, value, least, most));
    }
    return value;
  }

  /** What the parser has to say, with what would be right. */
  static String sentence(ParameterException wrong) {
    return wrong instanceof MissingParameterException missing
        ? sentence(missing)
        : String.valueOf(wrong.getMessage());
  }

  private static String sentence(MissingParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    if (wrong.getMissing().getFirst() instanceof OptionSpec option && !option.required()) {
      return "%s needs a value: %1$s %s would be right"
          .formatted(option.longestName(), option.paramLabel());
    }
    return "%s needs %s; %s would be right"
        .formatted(
            command.getCommandName(),
            wrong.getMissing().stream()
                .map(UsageMistake::written)
                .collect(Collectors.joining(" and ")),
            example(command));
  }

  private static String written(ArgSpec missing) {
    return missing instanceof OptionSpec option
        ? option.longestName() + " " + option.paramLabel()
        : missing.paramLabel();
  }

  /** The first example of a command's help, without the remark behind it. */
  private static String example(CommandLine command) {
    return Arrays.stream(command.getCommandSpec().usageMessage().footer())
        .filter(line -> line.startsWith("  "))
        .map(line -> line.strip().split(" {3}", 2)[0].replace("${ROOT-COMMAND-NAME}", Hint.PROGRAM))
        .findFirst()
        .orElse(command.getCommandSpec().qualifiedName() + " --help");
  }
}
