package org.igcnet.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Stream;
import org.igcnet.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line, {@code igcnet}.
 *
 * <p>Exit codes: 0 done, 1 it could not be done, 2 the command line makes no sense, 141 nobody
 * reads standard output any more, as of a program that SIGPIPE ends.
 */
@Command(
    name = "igcnet",
    mixinStandardHelpOptions = true,
    description = "Interleaved group convolutional networks: train, measure and use them.",
    versionProvider = Igcnet.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:could not be done, or not all of it: a sentence on standard error says why",
      "2:the command line makes no sense",
      "130, 143:stopped by Ctrl-C or SIGTERM",
      "141:nobody reads standard output any more"
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} train                        the quickest start: built-in data, no download",
      "  ${ROOT-COMMAND-NAME} summary IGC-L24M2 --depth 20",
      "  ${ROOT-COMMAND-NAME} train --help",
      "  ${ROOT-COMMAND-NAME} reproduce table4 --data cifar10:DIR --depths 8 --epochs 10",
      "  ${ROOT-COMMAND-NAME} bench --quick                this engine beside libtorch and ONNX Runtime"
    })
public final class Igcnet implements Callable<Integer> {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose.")
  private boolean stacktrace;

  /** What a shell says of a program that writes to a pipe which nobody reads: 128 + SIGPIPE. */
  private static final int READER_GONE = 141;

  private final Console console;
  private final List<?> more;

  Igcnet(Console console, List<?> more) {
    this.console = console;
    this.more = more;
  }

  /**
   * Runs one command and ends the process with its exit code. Within another program's process it
   * returns where all went well.
   */
  public static void main(String[] arguments) {
    main(_ -> List.of(), arguments);
  }

  /**
   * As {@link #main(String[])}, with commands of another module.
   *
   * @param more makes them, given where they write
   */
  public static void main(Function<Console, List<?>> more, String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    Console console = Console.system();
    LibraryWarnings.to(console);
    int code = run(console, more.apply(console), arguments);
    if (code != ExitCode.OK || !isGuest()) {
      System.exit(code);
    }
  }

  /**
   * YARN's cluster mode runs a program within Spark's own, which says at its end that all went
   * well.
   */
  private static boolean isGuest() {
    return System.getProperty("spark.yarn.app.id") != null;
  }

  /**
   * Runs one command. Returns its exit code.
   *
   * @param more commands of another module
   */
  public static int run(Console console, List<?> more, String... arguments) {
    return new Igcnet(console, more).execute(arguments);
  }

  private int execute(String... arguments) {
    CommandLine commandLine = commandLine(arguments);
    try {
      int code = commandLine.execute(arguments);
      console.out().flush();
      return code;
    } catch (StandardOutput.Lost lost) {
      return failed(lost, commandLine);
    } catch (Error error) {
      return failed(error, called(commandLine));
    }
  }

  /** The command that was parsed, the innermost. */
  private static CommandLine called(CommandLine commandLine) {
    return commandLine.getParseResult().asCommandLineList().getLast();
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public Integer call() {
    commandLine().usage(console.err());
    return ExitCode.USAGE;
  }

  /**
   * What parses and runs a command.
   *
   * @param arguments those that will be parsed
   */
  CommandLine commandLine(String... arguments) {
    CommandLine commandLine = new CommandLine(this);
    Set<String> called = Set.copyOf(Arrays.asList(arguments));
    commands()
        .forEach(
            command -> {
              Command described = command.getClass().getAnnotation(Command.class);
              commandLine.addSubcommand(
                  described.name(),
                  called.contains(described.name()) ? command : outline(described));
            });
    return commandLine
        .setCommandName(Hint.PROGRAM)
        .registerConverter(Path.class, new HomePath())
        .setOut(console.out())
        .setErr(console.err())
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a picture may be called @cat.png
        .setExecutionStrategy(this::executed)
        .setParameterExceptionHandler((wrong, _) -> misused(wrong))
        .setExecutionExceptionHandler((exception, command, _) -> failed(exception, command));
  }

  private Stream<?> commands() {
    return Stream.concat(
        Stream.of(
            new TrainCommand(console),
            new EvalCommand(console),
            new PredictCommand(console),
            new ImportCommand(console),
            new ExportCommand(console),
            new ServeCommand(console),
            new ModelsCommand(console),
            new SummaryCommand(console),
            new TablesCommand(console),
            new PlanCommand(console),
            new ReproduceCommand(console),
            new ReportCommand(console),
            new FetchCommand(console)),
        more.stream());
  }

  /**
   * Of a command that is not called the overview shows the first sentence; reading its options
   * takes longer.
   */
  private static CommandSpec outline(Command described) {
    String description = String.join(" ", described.description());
    int end = description.indexOf(". ");
    CommandSpec outline = CommandSpec.create();
    outline.usageMessage().description(end < 0 ? description : description.substring(0, end + 1));
    return outline;
  }

  /** Help and version are written here; what a command throws goes to its handler. */
  private int executed(ParseResult parsed) {
    try {
      return new RunLast().execute(parsed);
    } catch (StandardOutput.Lost lost) {
      return failed(lost, parsed.commandSpec().commandLine());
    }
  }

  private int misused(ParameterException wrong) {
    console.say("igcnet: " + UsageMistake.sentence(wrong));
    UnmatchedArgumentException.printSuggestions(wrong, console.err());
    return help(wrong.getCommandLine());
  }

  private int help(CommandLine command) {
    console.say("Try '%s --help'.".formatted(command.getCommandSpec().qualifiedName()));
    return ExitCode.USAGE;
  }

  private int failed(Throwable thrown, CommandLine command) {
    return switch (thrown) {
      case StandardOutput.Lost lost when lost.readerGone() -> READER_GONE;
      case UserError unwritable when StandardOutput.readerGone(unwritable) -> READER_GONE;
      case StandardOutput.Lost lost -> failed(lost, String.valueOf(lost.getMessage()));
      case UsageMistake mistake -> {
        failed(mistake, String.valueOf(mistake.getMessage()));
        yield help(command);
      }
      case UserError mistake -> failed(mistake, Remedy.sentence(mistake, command));
      case OutOfMemoryError error -> failed(error, Remedy.sentence(error, command));
      default ->
          failed(
              thrown,
              "this should not have happened: %s; --stacktrace shows where".formatted(thrown));
    };
  }

  private int failed(Throwable thrown, String message) {
    console.say("igcnet: " + message);
    if (stacktrace) {
      thrown.printStackTrace(console.err());
    }
    return ExitCode.SOFTWARE;
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Igcnet.class.getPackage().getImplementationVersion();
      return new String[] {
        "igcnet " + (version == null ? "(not packaged)" : version),
        "Java " + Runtime.version() + " on " + System.getProperty("os.arch")
      };
    }
  }
}
