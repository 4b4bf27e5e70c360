package org.igcnet.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.model.JsonDocument;
import org.igcnet.model.Sha256;
import org.igcnet.model.WholeFile;

/**
 * The file {@code metrics.jsonl}: a line for each epoch that is done. Lines stay as they were first
 * written, whichever program wrote them.
 */
final class EpochLog {
  /** Of a line, with its end: names, and numbers of at most 23 characters. */
  static final int MOST_BYTES = 512;

  private static final List<String> TIMES = List.of("seconds", "imagesPerSecond");

  private final Path file;
  private final List<String> lines = new ArrayList<>();
  private final List<EpochMetrics> epochs = new ArrayList<>();

  private EpochLog(Path file) {
    this.file = file;
  }

  /**
   * Reads a file; one that does not exist has no lines.
   *
   * @throws UserError where a line is damaged, or the file is larger than the longest training
   *     needs
   */
  static EpochLog read(Path file) {
    return read(file, Integer.MAX_VALUE);
  }

  /**
   * Reads the first lines of a file, at most {@code most}, and looks at no others.
   *
   * @throws UserError where one of these is damaged
   */
  static EpochLog read(Path file, int most) {
    EpochLog log = new EpochLog(file);
    if (Files.exists(file)) {
      long largest = (long) Recipe.MOST_EPOCHS * MOST_BYTES;
      JsonDocument.text(file, largest).lines().limit(most).forEach(log::append);
    }
    return log;
  }

  private void append(String line) {
    String where = "line %d of %s".formatted(lines.size() + 1, file);
    EpochMetrics read = JsonDocument.read(where, line, EpochMetrics.class);
    if (read.epoch() != lines.size() + 1) {
      throw new UserError("%s is of epoch %d".formatted(where, read.epoch()));
    }
    lines.add(line);
    epochs.add(read);
  }

  /** Adds an epoch, and writes all lines anew: a file that is replaced whole never ends in half. */
  void add(EpochMetrics epoch) {
    lines.add(JsonDocument.line(epoch));
    epochs.add(epoch);
    write();
  }

  /** Writes the lines that were read, and leaves out what else may be in the file. */
  void write() {
    byte[] bytes = bytes(lines.stream());
    WholeFile.write(file, out -> out.write(bytes));
  }

  /** The epochs, in order. */
  List<EpochMetrics> epochs() {
    return List.copyOf(epochs);
  }

  /**
   * The SHA-256 of the lines without what the clock says, in hexadecimal: the same for the same
   * training, however often it is done.
   */
  String sha256() {
    return Sha256.of(bytes(lines.stream().map(line -> JsonDocument.without(line, TIMES))));
  }

  private static byte[] bytes(Stream<String> lines) {
    return lines
        .map(line -> line + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }
}
