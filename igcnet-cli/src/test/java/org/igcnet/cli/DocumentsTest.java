package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

/** The lines of a shell in the documents are such as the command line takes. */
class DocumentsTest {
  private static final Path HOME = Path.of("..");

  /** A command at the beginning of a line, without its comment and what it is piped to. */
  private static final Pattern COMMAND =
      Pattern.compile("^(?:\\$ )?\\./igcnet ((?:[^#|>\\\\\n]|\\\\\\n)*)", Pattern.MULTILINE);

  static List<String> commands() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(HOME.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(HOME.resolve("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    List<String> commands = new ArrayList<>();
    for (Path document : documents) {
      Matcher matcher = COMMAND.matcher(Files.readString(document));
      while (matcher.find()) {
        commands.add(matcher.group(1).replace("\\\n", " ").strip());
      }
    }
    // Benchmarks are of another module, which has this command.
    commands.removeIf(command -> command.startsWith("bench"));
    assertThat(commands).hasSizeGreaterThan(30).contains("predict runs/a cat.png");
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyLineOfAShellIsUnderstood(String command) {
    assertThatCode(() -> parse(command)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train --epoch-number 3", "train --epochs many", "plan", "trane"})
  void whatMakesNoSenseIsFound(String command) {
    assertThatThrownBy(() -> parse(command)).isInstanceOf(ParameterException.class);
  }

  private static void parse(String command) {
    Console console = new Console(new StringWriter(), new StringWriter(), () -> 0);
    String[] arguments = command.split("\\s+");
    new Igcnet(console, List.of()).commandLine(arguments).parseArgs(arguments);
  }
}
