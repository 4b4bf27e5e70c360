package org.igcnet.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.igcnet.cli.Answer.Damaged;
import org.igcnet.cli.Answer.Prediction;
import org.igcnet.cli.Answer.Shown;

/**
 * Answers as a table, a row for each picture as it comes: CSV by RFC 4180 in UTF-8. Its columns are
 * {@code file, label, probability, label_2, probability_2, …, error}. Of a picture that cannot be
 * read all but the first and the last are empty, of any other the last.
 */
final class AnswerTable {
  private static final Pattern FORMULA = Pattern.compile("[=+\\-@\t\r]");

  private final CSVPrinter rows;
  private final int labels;

  /**
   * Begins with the names of the columns.
   *
   * @param labels how many each picture gets
   */
  AnswerTable(OutputStream out, int labels) throws IOException {
    this.rows =
        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), CSVFormat.RFC4180);
    this.labels = labels;
    List<String> names = new ArrayList<>(List.of("file", "label", "probability"));
    for (int rank = 2; rank <= labels; rank++) {
      names.add("label_" + rank);
      names.add("probability_" + rank);
    }
    names.add("error");
    rows.printRecord(names);
  }

  /**
   * The same file by a name that no spreadsheet takes for a formula, as those that begin with
   * {@code =}, {@code +}, {@code -} or {@code @}.
   */
  static Path harmless(Path file) {
    return FORMULA.matcher(file.toString()).lookingAt() ? Path.of(".").resolve(file) : file;
  }

  void add(Answer answer) throws IOException {
    List<Object> row = new ArrayList<>();
    row.add(answer.file());
    switch (answer) {
      case Shown shown -> {
        for (Prediction prediction : shown.predictions()) {
          row.add(prediction.label());
          row.add(prediction.probability());
        }
        row.add("");
      }
      case Damaged damaged -> {
        row.addAll(Collections.nCopies(2 * labels, ""));
        row.add(damaged.error());
      }
    }
    rows.printRecord(row);
  }

  /** Hands on what has been added, once all has. */
  void end() throws IOException {
    rows.flush();
  }
}
