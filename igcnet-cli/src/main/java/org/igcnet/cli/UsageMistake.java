package org.igcnet.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A value on the command line that cannot be: wrong usage, as against what a file holds. */
public final class UsageMistake extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A mistake in one sentence. */
  public UsageMistake(String sentence) {
    super(sentence);
  }

  /** A command line that lacks something. */
  static UsageMistake missing(CommandLine command, String what) {
    return new UsageMistake(
        "%s needs %s; %s would be right"
            .formatted(command.getCommandName(), what, example(command)));
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
   * Finds what the command line names. That there is no such thing is a mistake of usage; what is
   * wrong with the thing itself is none.
   *
   * @throws UsageMistake where there is none of that name
   */
  static <T> T unlessUnknown(Supplier<T> found) {
    try {
      return found.get();
    } catch (UserError refused) {
      throw refused.kind() == UserError.Kind.VALUE ? new UsageMistake(refused) : refused;
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

  /**
   * Requires a number on the command line to be in its range.
   *
   * @throws UsageMistake where it is not
   */
  public static int inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageMistake(
          "%s is %d; it must be from %d to %,d".formatted(option, value, least, most));
    }
    return value;
  }

  /** What the parser has to say, with what would be right. */
  static String sentence(ParameterException wrong) {
    return switch (wrong) {
      case MissingParameterException missing -> sentence(missing);
      case UnmatchedArgumentException unmatched -> sentence(unmatched);
      case OverwrittenOptionException twice ->
          "%s is given twice; once would be right".formatted(name(twice.getOverwritten()));
      default ->
          wrong.getArgSpec() == null
              ? String.valueOf(wrong.getMessage())
              : sentence(wrong.getArgSpec(), wrong.getValue());
    };
  }

  private static String sentence(UnmatchedArgumentException wrong) {
    CommandLine command = wrong.getCommandLine();
    String words =
        wrong.getUnmatched().stream().map("\"%s\""::formatted).collect(Collectors.joining(" and "));
    return command.getParent() == null && !wrong.isUnknownOption()
        ? "there is no command %s".formatted(words)
        : "%s does not take %s".formatted(command.getCommandName(), words);
  }

  /** What an option or parameter takes, in place of a value that it does not. */
  private static String sentence(ArgSpec taker, String value) {
    Class<?> type = taker.isMultiValue() ? taker.auxiliaryTypes()[0] : taker.type();
    String what =
        switch (type.getSimpleName()) {
          case "int", "Integer" -> wholeNumber(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
          case "long", "Long" -> wholeNumber(value, Long.MIN_VALUE, Long.MAX_VALUE);
          case "double", "Double" -> "a number";
          case "boolean", "Boolean" -> "no value";
          default ->
              type.isEnum() ? oneOf(type) : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
        };
    return "%s takes %s, not \"%s\"".formatted(name(taker), what, value);
  }

  private static String oneOf(Class<?> type) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(name -> name.toString().toLowerCase(Locale.ROOT))
            .toList();
    return "%s or %s"
        .formatted(String.join(", ", names.subList(0, names.size() - 1)), names.getLast());
  }

  private static String wholeNumber(String value, long least, long most) {
    return value.matches("[+-]?[0-9]+")
        ? "a whole number from %,d to %,d".formatted(least, most)
        : "a whole number";
  }

  private static String name(ArgSpec taker) {
    return taker instanceof OptionSpec option ? option.longestName() : taker.paramLabel();
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
    return missing instanceof OptionSpec
        ? name(missing) + " " + missing.paramLabel()
        : name(missing);
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
