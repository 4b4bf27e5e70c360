package org.igcnet.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.igcnet.UserError;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line, {@code igcnet}.
 *
 * <p>Exit codes: 0 done, 1 it could not be done, 2 the command line makes no sense.
 */
@Command(
    name = "igcnet",
    mixinStandardHelpOptions = true,
    description = "Interleaved group convolutional networks: train, measure and use them.",
    versionProvider = Igcnet.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  igcnet train                        the quickest start: built-in data, no download",
      "  igcnet summary IGC-L24M2 --depth 20",
      "  igcnet train --help",
      "  igcnet reproduce table4 --data cifar10:DIR --depths 8 --epochs 10",
      "  igcnet bench --quick                this engine beside libtorch and ONNX Runtime"
    })
final class Igcnet implements Callable<Integer> {
  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose.")
  private boolean stacktrace;

  private final Console console;

  private Igcnet(Console console) {
    this.console = console;
  }

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(run(Console.system(), arguments));
  }

  /** Runs one command. Returns its exit code. */
  static int run(Console console, String... arguments) {
    Igcnet igcnet = new Igcnet(console);
    try {
      return igcnet.commandLine().execute(arguments);
    } catch (OutOfMemoryError error) {
      return igcnet.failed(
          error,
          "the memory of the Java process is used up; a smaller --batch needs less, and IGCNET_JAVA_OPTS=-Xmx... gives it more");
    }
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public Integer call() {
    commandLine().usage(console.err());
    return ExitCode.USAGE;
  }

  private CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(this);
    List.of(
            new TrainCommand(console),
            new EvalCommand(console),
            new PredictCommand(console),
            new SummaryCommand(console),
            new TablesCommand(console),
            new PlanCommand(console),
            new ReproduceCommand(console),
            new ReportCommand(console),
            new FetchCommand(console))
        .forEach(commandLine::addSubcommand);
    return commandLine
        .setOut(console.out())
        .setErr(console.err())
        .setUsageHelpWidth(100)
        .setExpandAtFiles(false) // a picture may be called @cat.png
        .setParameterExceptionHandler((wrong, _) -> misused(wrong))
        .setExecutionExceptionHandler((exception, _, _) -> failed(exception));
  }

  private int misused(ParameterException wrong) {
    PrintWriter err = console.err();
    CommandLine command = wrong.getCommandLine();
    console.say("igcnet: " + wrong.getMessage());
    UnmatchedArgumentException.printSuggestions(wrong, err);
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  private int failed(Exception exception) {
    return failed(
        exception,
        exception instanceof UserError
            ? String.valueOf(exception.getMessage())
            : "this should not have happened: %s; --stacktrace shows where".formatted(exception));
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
