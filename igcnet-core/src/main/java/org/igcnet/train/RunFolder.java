package org.igcnet.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.model.FolderLock;
import org.igcnet.model.JsonDocument;
import org.igcnet.model.WholeFile;

/**
 * The folder of one training, which one process at a time may write to. What is in it is said at
 * {@link TrainingRun}.
 */
final class RunFolder implements AutoCloseable {
  static final String RUN = "run.json";
  private static final String METRICS = "metrics.jsonl";
  private static final String CHECKPOINT = "last.safetensors";

  private final Path folder;
  private final FolderLock lock;

  private RunFolder(Path folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes a new or empty folder.
   *
   * @throws UserError where anything is in it
   */
  static RunFolder create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new UserError("%s is a file; a run needs a new or empty folder".formatted(folder), e);
    } catch (IOException e) {
      throw WholeFile.unwritable(folder, e);
    }
    requireEmpty(folder);
    RunFolder taken = new RunFolder(folder, lock(folder));
    try {
      requireEmpty(folder);
      return taken;
    } catch (UserError takenMeanwhile) {
      taken.close();
      throw takenMeanwhile;
    }
  }

  /**
   * Takes a folder that holds a run.
   *
   * @throws UserError where it holds none, or another process has taken it
   */
  static RunFolder open(Path folder) {
    if (!Files.exists(folder.resolve(RUN))) {
      throw new UserError(
          "%s holds no run to resume: %s is missing".formatted(folder, folder.resolve(RUN)));
    }
    return new RunFolder(folder, lock(folder));
  }

  private static void requireEmpty(Path folder) {
    if (Files.exists(folder.resolve(RUN))) {
      throw new UserError(
          "%s already holds a run; continue it with --resume %s, or choose a new folder"
              .formatted(folder, folder));
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(file -> !file.endsWith(FolderLock.FILE))) {
        throw new UserError("%s is not empty; a run needs a new or empty folder".formatted(folder));
      }
    } catch (IOException e) {
      throw WholeFile.unreadable(folder, e);
    }
  }

  private static FolderLock lock(Path folder) {
    return FolderLock.take(folder)
        .orElseThrow(
            () ->
                new UserError(
                    "%s is being trained by another process; wait for its end or stop it"
                        .formatted(folder)));
  }

  Path path() {
    return folder;
  }

  Path checkpoint() {
    return folder.resolve(CHECKPOINT);
  }

  void write(RunDescription description) {
    byte[] bytes = JsonDocument.document(description);
    WholeFile.write(folder.resolve(RUN), out -> out.write(bytes));
  }

  RunDescription description() {
    return description(folder);
  }

  /**
   * What a folder's run is.
   *
   * @throws UserError where there is none, or its description is damaged
   */
  static RunDescription description(Path folder) {
    return JsonDocument.read(
        folder.resolve(RUN), RunDescription.class, RunDescription.FORMAT, RunDescription.VERSION);
  }

  /**
   * Every epoch that a folder's metrics tell of.
   *
   * @throws UserError where a line is damaged
   */
  static List<EpochMetrics> metrics(Path folder) {
    Path file = folder.resolve(METRICS);
    return Files.exists(file) ? epochs(file, lines(file)) : List.of();
  }

  /**
   * The metrics of the first epochs. Later lines, of epochs that no checkpoint holds or cut short
   * by a kill, are removed from the file.
   *
   * @throws UserError where one of those epochs is missing
   */
  List<EpochMetrics> metricsUntil(int epochs) {
    Path file = folder.resolve(METRICS);
    List<String> lines = epochs == 0 ? List.of() : lines(file);
    if (lines.size() < epochs) {
      throw new UserError(
          "%s has %d lines, but the checkpoint is of epoch %d"
              .formatted(file, lines.size(), epochs));
    }
    List<EpochMetrics> metrics = epochs(file, lines.subList(0, epochs));
    write(metrics);
    return metrics;
  }

  private static List<EpochMetrics> epochs(Path file, List<String> lines) {
    List<EpochMetrics> metrics = new ArrayList<>();
    for (String line : lines) {
      String where = "line %d of %s".formatted(metrics.size() + 1, file);
      EpochMetrics read = JsonDocument.read(where, line, EpochMetrics.class);
      metrics.add(read);
      if (read.epoch() != metrics.size()) {
        throw new UserError("%s is of epoch %d".formatted(where, read.epoch()));
      }
    }
    return metrics;
  }

  /** Writes all lines anew: a file that is replaced whole never ends in half a line. */
  void write(List<EpochMetrics> metrics) {
    StringBuilder lines = new StringBuilder();
    metrics.forEach(line -> lines.append(JsonDocument.line(line)).append('\n'));
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    WholeFile.write(folder.resolve(METRICS), out -> out.write(bytes));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  /** Lets others take the folder. */
  @Override
  public void close() {
    lock.close();
  }
}
