package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class VisibleWriterTest {
  /** Clears the screen, and would write from right to left. */
  private static final String HOSTILE = "a\u001b[2J\u202eb";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource({
    "'\u001b[31mred', '\\u001b[31mred'",
    "'a\rb\bc\u007f', 'a\\u000db\\u0008c\\u007f'",
    "'\u009b31m', '\\u009b31m'",
    "'exe.\u202egnp', 'exe.\\u202egnp'",
    "'\u2066x\u2069\u2028\ufeff', '\\u2066x\\u2069\\u2028\\ufeff'",
    "'\udb40\udc41', '\\udb40\\udc41'",
    "'\ud800', '\\ud800'",
    "'é ü 猫 😀 👨\u200d👩 ±', 'é ü 猫 😀 👨\u200d👩 ±'",
  })
  void showsWhatATerminalWouldObey(String text, String shown) {
    try (VisibleWriter writer = new VisibleWriter(out)) {
      writer.print(text);
      writer.printf("%s", text);
      writer.write(text.toCharArray());
    }
    assertThat(out).hasToString(shown.repeat(3));
    assertThat(VisibleWriter.oneLine(text)).isEqualTo(shown);
  }

  @Test
  void endsLinesButForTextsThatAreOneLine() {
    try (VisibleWriter writer = new VisibleWriter(out)) {
      writer.println("\ta\nb");
    }
    assertThat(out).hasToString("\ta\nb\n");
    assertThat(VisibleWriter.oneLine("a\nigcnet: b\tc")).isEqualTo("a\\u000aigcnet: b\\u0009c");
  }

  @Test
  void whatIsPutIntoAFormatStaysOnItsLine() {
    try (VisibleWriter writer = new VisibleWriter(out)) {
      writer.printf("%s: %,d of %5.1f%%%n", "a\nb\tc", 1234, 99.5);
      writer.printf("%s%n%s%n", Path.of("d\ne"), List.of("f\n", "g"));
    }
    assertThat(out).hasToString("a\\u000ab\\u0009c: 1,234 of  99.5%\nd\\u000ae\n[f\\u000a, g]\n");
  }

  @Test
  void aCellOfATableStaysOnItsLineAndInItsColumn() {
    Table table =
        new Table(Table.Column.text("class"), Table.Column.number("images"))
            .row("cat\n100", "3")
            .row("\u001b[2J", "4");
    assertThat(table)
        .hasToString(
            """
            class         images
            ────────────  ──────
            cat\\u000a100       3
            \\u001b[2J          4""");
  }

  @Test
  void aDocumentStaysJsonWithTheSameTexts() {
    new Console(out, err, () -> 0).json(List.of(HOSTILE));
    assertThat(out.toString()).contains("\"a\\u001B[2J\\u202eb\"");
    assertThat(JsonMapper.shared().readValue(out.toString(), String[].class))
        .containsExactly(HOSTILE);
  }

  @Test
  void namesInErrorsAndSentencesAreShown(@TempDir Path folder) {
    String name = HOSTILE + "\nigcnet: done";
    int code = Igcnet.run(console(), List.of(), "eval", folder.resolve(name).toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("igcnet: ")
        .contains("a\\u001b[2J\\u202eb\\u000aigcnet: done")
        .hasLineCount(1)
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void soAreArgumentsThatAreNoUsage() {
    assertThat(Igcnet.run(console(), List.of(), "summary", "--depth", HOSTILE)).isEqualTo(2);
    assertThat(err.toString()).contains("\"a\\u001b[2J\\u202eb\"").doesNotContain("\u001b");
  }

  /** Picocli would read arguments from it, and say that they are missing. */
  @Test
  void aFileThatBeginsWithAnAtSignIsAFile(@TempDir Path folder) throws Exception {
    Path arguments = Files.writeString(folder.resolve("options"), "--version");
    assertThat(Igcnet.run(console(), List.of(), "eval", "@" + arguments)).isEqualTo(1);
    assertThat(err.toString()).contains("@" + arguments + " holds no trained model");
  }

  @Test
  void theLineThatIsDrawnAnewStillMovesTheCursor() {
    new Console(out, err, () -> 40).draw("a\u001bb");
    assertThat(err).hasToString("\r\u001b[?7la\\u001bb\u001b[J\u001b[?7h\r");
  }

  private Console console() {
    return new Console(new PrintWriter(out), new PrintWriter(err), () -> 0);
  }
}
