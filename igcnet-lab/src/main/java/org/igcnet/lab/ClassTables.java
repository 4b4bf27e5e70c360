package org.igcnet.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.igcnet.files.WholeFile;

/**
 * What the models of some runs take each class for, as two tables for programs: CSV by RFC 4180 in
 * UTF-8, beside the page of the runs and named after it.
 *
 * @param classes of each class its images, and how many are taken for it
 * @param confusion of each two classes that are confused, and of each that is right, how many
 */
public record ClassTables(Path classes, Path confusion) {
  private static final CSVFormat FORMAT = CSVFormat.RFC4180;

  /** What a run's best model was seen to do, under the run's name. */
  record Examined(String run, List<String> classes, Examination examination) {}

  /**
   * {@return the tables beside a page: {@code report-classes.csv} and {@code report-confusion.csv}
   * beside {@code report.html}; none where that is no plain file, but a link, a pipe or a device}
   *
   * @param page the page's file, written or not
   */
  public static Optional<ClassTables> beside(Path page) {
    boolean plain =
        Files.isRegularFile(page, LinkOption.NOFOLLOW_LINKS)
            || !Files.exists(page, LinkOption.NOFOLLOW_LINKS);
    String stem = page.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
    return plain
        ? Optional.of(
            new ClassTables(
                page.resolveSibling(stem + "-classes.csv"),
                page.resolveSibling(stem + "-confusion.csv")))
        : Optional.empty();
  }

  /**
   * Looks whether they can be written, before the work that they are to hold is done.
   *
   * @throws org.igcnet.UserError where they cannot
   */
  void requireWritable() {
    WholeFile.requireWritable(classes);
    WholeFile.requireWritable(confusion);
  }

  /** Writes both, each whole or not at all. */
  void write(List<Examined> runs) {
    WholeFile.write(classes, out -> writeClasses(runs, out));
    WholeFile.write(confusion, out -> writeConfusion(runs, out));
  }

  private static CSVPrinter printer(OutputStream out) throws IOException {
    return new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT);
  }

  private static void writeClasses(List<Examined> runs, OutputStream out) throws IOException {
    CSVPrinter rows = printer(out);
    rows.printRecord("run", "class", "images", "correct", "accuracy", "taken_for", "precision");
    for (Examined run : runs) {
      Examination seen = run.examination;
      for (int label = 0; label < run.classes.size(); label++) {
        int correct = seen.count(label, label);
        rows.printRecord(
            run.run,
            run.classes.get(label),
            seen.images(label),
            correct,
            percent(correct, seen.images(label)),
            seen.taken(label),
            percent(correct, seen.taken(label)));
      }
    }
    rows.flush();
  }

  /** Empty of none. */
  private static String percent(int some, int all) {
    return all == 0 ? "" : String.format(Locale.ROOT, "%.2f", 100.0 * some / all);
  }

  /** Only what there is, so that a thousand classes make no million rows. */
  private static void writeConfusion(List<Examined> runs, OutputStream out) throws IOException {
    CSVPrinter rows = printer(out);
    rows.printRecord("run", "class", "taken_for", "images");
    for (Examined run : runs) {
      for (int label = 0; label < run.classes.size(); label++) {
        for (int taken = 0; taken < run.classes.size(); taken++) {
          int images = run.examination.count(label, taken);
          if (images > 0) {
            rows.printRecord(run.run, run.classes.get(label), run.classes.get(taken), images);
          }
        }
      }
    }
    rows.flush();
  }
}
