package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.igcnet.UserError;
import org.igcnet.bench.Changes.Verdict;
import org.igcnet.bench.Report.MachineLimits;
import org.igcnet.cli.Console;
import org.igcnet.cli.Igcnet;
import org.igcnet.files.JsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangesTest {
  @TempDir private Path folder;

  @Test
  void aReportOfVersion1IsReadForEver() throws IOException {
    Report report = Report.FORMAT.read("report-1.json", golden());
    assertThat(report.machine().limits())
        .isEqualTo(Map.of(1, new MachineLimits(88.5, 21.25), 2, new MachineLimits(174, 41)));
    assertThat(report.rows()).extracting(Report.RowResult::ratio).containsExactly(2., 0.9, 2., 3.);
    assertThat(report.rows().getFirst().older().orElseThrow().ratio()).isEqualTo(1.0526);
    assertThat(report.rows().getLast().older()).isEmpty();
    assertThat(Report.FORMAT.read("again", JsonDocument.line(report))).isEqualTo(report);
  }

  @Test
  void aReportOfTheFutureIsRefusedByItsVersion() {
    assertThatThrownBy(
            () ->
                Report.FORMAT.read(
                    "later.json", golden().replace("\"version\": 1", "\"version\": 2")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("later.json ")
        .hasMessageContaining("version 2");
  }

  @Test
  void aRowHasChangedWhereTheQuartilesLieApart() throws IOException {
    Changes changes = Changes.between(report(golden()), report(later()));
    assertThat(changes.rows())
        .extracting(Changes.Change::id)
        .containsExactly("train-a", "train-b", "infer-c");
    assertThat(changes.rows())
        .extracting(Changes.Change::verdict)
        .containsExactly(Verdict.FASTER, Verdict.SLOWER, Verdict.SAME);
    assertThat(changes.rows().getFirst().change()).isEqualTo(1.5);
    assertThat(changes.gone()).containsExactly("infer-d");
    assertThat(changes.come()).containsExactly("infer-e");
  }

  @Test
  void theCommandShowsThem() throws IOException {
    Path before = Files.writeString(folder.resolve("before.json"), golden());
    Path now = Files.writeString(folder.resolve("now.json"), later());
    StringWriter out = new StringWriter();
    Console console = new Console(out, new StringWriter(), () -> 0);
    int code =
        Igcnet.run(
            console,
            List.of(new Bench(console)),
            "bench",
            "--compare",
            before.toString(),
            now.toString());
    assertThat(code).isZero();
    assertThat(out)
        .hasToString(
            """
            ours beside the peer                                       before                      now  change
            train-a                                      2.00× (1.90 to 2.10)     3.00× (2.75 to 3.25)   1.50× faster
            train-b                                      0.90× (0.88 to 0.93)     0.80× (0.75 to 0.85)   0.89× slower
            infer-c                                      2.00× (1.50 to 2.50)     2.00× (1.50 to 2.50)   1.00×
            only before: infer-d
            only now: infer-e

            before: Linux amd64, Java 25.0.1+8, 2 cores, vectors of 16 floats
            now:    Linux amd64, Java 25.0.1+8, 2 cores, vectors of 8 floats
            """);
  }

  private static Report report(String text) {
    return Report.FORMAT.read("a report", text);
  }

  /** Another one: the first row faster, the second slower, the third the same, the last another. */
  private static String later() throws IOException {
    return golden()
        .replace("\"lanes\": 16", "\"lanes\": 8")
        .replace("infer-d", "infer-e")
        .replaceFirst("\"ratio\": 2.0", "\"ratio\": 3.0")
        .replace("\"lowerQuartile\": 1.9,", "\"lowerQuartile\": 2.75,")
        .replace("\"upperQuartile\": 2.1,", "\"upperQuartile\": 3.25,")
        .replace("\"ratio\": 0.9,", "\"ratio\": 0.8,")
        .replace("\"lowerQuartile\": 0.875", "\"lowerQuartile\": 0.75")
        .replace("\"upperQuartile\": 0.925", "\"upperQuartile\": 0.85");
  }

  private static String golden() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ChangesTest.class.getResourceAsStream("report-1.json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
