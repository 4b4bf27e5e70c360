package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.igcnet.cli.Answer.Damaged;
import org.igcnet.cli.Answer.Prediction;
import org.igcnet.cli.Answer.Shown;
import org.junit.jupiter.api.Test;

class AnswerTableTest {
  private static String table(int labels, Answer... answers) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AnswerTable table = new AnswerTable(out, labels);
    for (Answer answer : answers) {
      table.add(answer);
    }
    table.end();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Shown shown(String file, Prediction... predictions) {
    return new Shown(file, "32×32, taken as it is", List.of(predictions));
  }

  @Test
  void aRowHoldsTheFileItsLabelsAndWhyItCouldNotBeRead() throws IOException {
    assertThat(
            table(
                2,
                shown("a.png", new Prediction("cat", 0.75), new Prediction("dog", 1.5e-7)),
                new Damaged("b.png", "b.png is no picture")))
        .isEqualTo(
            """
            file,label,probability,label_2,probability_2,error\r
            a.png,cat,0.75,dog,1.5E-7,\r
            b.png,,,,,b.png is no picture\r
            """);
    assertThat(table(1, shown("a.png", new Prediction("cat", 1))))
        .isEqualTo("file,label,probability,error\r\na.png,cat,1.0,\r\n");
  }

  /** As RFC 4180 has it, by bytes; and another reads the same names again. */
  @Test
  void namesOfAnyKindAreQuoted() throws IOException {
    List<String> names =
        List.of(
            "a,b.png", "say \"hi\".png", "two\nlines.png", "größe 猫.png", "cr\r.png", " s .png");
    Answer[] answers =
        names.stream().map(name -> shown(name, new Prediction(name, 1))).toArray(Answer[]::new);
    String table = table(1, answers);
    assertThat(table)
        .contains("\n\"a,b.png\",\"a,b.png\",1.0,\r\n")
        .contains("\n\"say \"\"hi\"\".png\",")
        .contains("\n\"two\nlines.png\",")
        .contains("\ngröße 猫.png,größe 猫.png,1.0,\r\n")
        .contains("\n\"cr\r.png\",");
    try (CSVParser rows = CSVParser.parse(table, CSVFormat.RFC4180)) {
      assertThat(rows.stream().skip(1).map(CSVRecord::toList))
          .isEqualTo(names.stream().map(name -> List.of(name, name, "1.0", "")).toList());
    }
  }

  @Test
  void aNameThatWouldBeAFormulaIsAnotherOfTheSameFile() {
    assertThat(
            List.of("=1+1.png", "+a", "-b/c.png", "@d", "\te", "f=.png", "./=g", "/=h", "é")
                .stream()
                .map(name -> AnswerTable.harmless(Path.of(name)).toString()))
        .containsExactly(
            "./=1+1.png", "./+a", "./-b/c.png", "./@d", "./\te", "f=.png", "./=g", "/=h", "é");
    assertThat(AnswerTable.harmless(Path.of(""))).isEqualTo(Path.of(""));
  }
}
