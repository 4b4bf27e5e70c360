package org.igcnet.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.Sha256;
import org.igcnet.files.WholeFile;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code metrics.jsonl}: a line for each epoch that is done. Lines stay as they were first
 * written, whichever program wrote them.
 *
 * <p>A line is appended and forced to the disk, so that an epoch costs the same however many there
 * were before. Who is killed then leaves a part of a line: one without its end does not count, and
 * the next who goes on with the training cuts it off.
 */
final class EpochLog {
  /** Of a line, with its end: names, and numbers of at most 23 characters. */
  static final int MOST_BYTES = 512;

  private static final char END = '\n';
  private static final List<String> TIMES = List.of("seconds", "imagesPerSecond");

  private final Path file;
  private final List<String> lines = new ArrayList<>();
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private final Sha256 withoutTimes = new Sha256();
  private @Nullable EpochMetrics best;

  /** Of all lines, as they are in the file. */
  private long bytes;

  /** Lines that are in {@link #withoutTimes}. */
  private int summed;

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
      String text = JsonDocument.text(file, largest);
      text.substring(0, text.lastIndexOf(END) + 1).lines().limit(most).forEach(log::read);
    }
    return log;
  }

  private void read(String line) {
    String where = "line %d of %s".formatted(lines.size() + 1, file);
    EpochMetrics read = JsonDocument.read(where, line, EpochMetrics.class);
    if (read.epoch() != lines.size() + 1) {
      throw new UserError("%s is of epoch %d".formatted(where, read.epoch()));
    }
    put(line, read);
  }

  private void put(String line, EpochMetrics epoch) {
    lines.add(line);
    epochs.add(epoch);
    bytes += encoded(line).length;
    if (epoch.isBetterThan(best())) {
      best = epoch;
    }
  }

  private static byte[] encoded(String line) {
    return (line + END).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Adds an epoch.
   *
   * @throws UserError where the file cannot be written
   */
  void add(EpochMetrics epoch) {
    boolean undisturbed = isAsWritten();
    String line = JsonDocument.line(epoch);
    put(line, epoch);
    if (undisturbed) {
      append(encoded(line));
    } else {
      write();
    }
  }

  /** Whether the file holds the lines so far and no more, as far as its length tells. */
  private boolean isAsWritten() {
    try {
      return Files.isRegularFile(file) && Files.size(file) == bytes;
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  private void append(byte[] line) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      throw WholeFile.unwritable(file, e);
    }
  }

  /** Writes the lines that were read, and leaves out what else may be in the file. */
  void write() {
    WholeFile.write(
        file,
        out -> {
          for (String line : lines) {
            out.write(encoded(line));
          }
        });
  }

  /** The epochs, in order. */
  List<EpochMetrics> epochs() {
    return List.copyOf(epochs);
  }

  /** The first of the epochs with the highest test accuracy. */
  Optional<EpochMetrics> best() {
    return Optional.ofNullable(best);
  }

  /**
   * The SHA-256 of the lines without what the clock says, in hexadecimal: the same for the same
   * training, however often it is done.
   */
  String sha256() {
    for (; summed < lines.size(); summed++) {
      withoutTimes.add(encoded(JsonDocument.without(lines.get(summed), TIMES)));
    }
    return withoutTimes.soFar();
  }
}
