package org.igcnet.train;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.data.ListedFile;
import org.igcnet.data.Splits;
import org.igcnet.data.TrainingData;
import org.igcnet.files.FolderLock;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.Sha256;
import org.igcnet.files.WholeFile;
import org.igcnet.train.RunDescription.DataFacts;

/**
 * The folder of one training, which one process at a time may write to. What is in it is said at
 * {@link TrainingRun}.
 */
final class RunFolder implements AutoCloseable {
  static final String RUN = "run.json";
  static final String METRICS = "metrics.jsonl";
  static final String CHECKPOINT = "last.safetensors";
  private static final String PICTURES = "pictures.txt";

  /** What a process leaves that was killed before the description was in its place. */
  private static final Set<String> LEFT_BY_A_BEGINNING =
      Set.of(
          FolderLock.FILE,
          PICTURES,
          WholeFile.aside(Path.of(PICTURES)).toString(),
          WholeFile.aside(Path.of(RUN)).toString());

  private final Path folder;
  private final FolderLock lock;

  private RunFolder(Path folder, FolderLock lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Takes a new or empty folder, or one in which no beginning came to an end.
   *
   * @throws UserError where anything is in it
   */
  static RunFolder create(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw noFolder(folder);
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
   * Looks whether a run can begin in a folder, and leaves it as it is.
   *
   * @throws UserError where anything is in it, or it cannot be made or written into
   */
  static void requireFree(Path folder) {
    if (Files.isDirectory(folder)) {
      requireEmpty(folder);
    } else if (Files.exists(folder)) {
      throw noFolder(folder);
    }
    WholeFile.requireWritableFolder(folder);
  }

  private static UserError noFolder(Path file) {
    return new UserError("%s is a file; a run needs a new or empty folder".formatted(file));
  }

  /**
   * Makes a folder and takes it: the one that is wanted, or where that exists the first of its name
   * with {@code -2}, {@code -3} and so on behind it that does not. Making a folder is one step of
   * the file system, so of many who want the same at once each gets one of its own.
   */
  static RunFolder createNew(Path wanted) {
    Path absolute = wanted.toAbsolutePath();
    try {
      Files.createDirectories(absolute.getParent());
      Path folder = wanted;
      for (int number = 2; !isMade(folder); number++) {
        folder = wanted.resolveSibling(wanted.getFileName() + "-" + number);
      }
      return create(folder);
    } catch (IOException e) {
      throw WholeFile.unwritable(wanted, e);
    }
  }

  private static boolean isMade(Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
      return true;
    } catch (FileAlreadyExistsException taken) {
      return false;
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
          Kind.MISSING,
          "%s holds no run to resume: %s is missing".formatted(folder, folder.resolve(RUN)));
    }
    return new RunFolder(folder, lock(folder));
  }

  private static void requireEmpty(Path folder) {
    if (Files.exists(folder.resolve(RUN))) {
      throw new RunExists(folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.anyMatch(file -> !LEFT_BY_A_BEGINNING.contains(file.getFileName().toString()))) {
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

  /** What is to say of a folder that cannot be locked. */
  Optional<String> warning() {
    return lock.warning();
  }

  Path checkpoint() {
    return folder.resolve(CHECKPOINT);
  }

  /** Writes what is trained, and before it the listing of the data, if they are pictures. */
  void write(RunDescription description, Splits splits) {
    if (description.dataFacts().listing().isPresent()) {
      WholeFile.write(folder.resolve(PICTURES), out -> ListedFile.write(splits.files(), out));
    }
    write(description);
  }

  /** Writes what is trained. */
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
    return RunDescription.FORMAT.read(folder.resolve(RUN));
  }

  /**
   * What a folder's run remembers of its data.
   *
   * @throws UserError where the listing of its pictures is damaged, or another's
   */
  static TrainingData data(Path folder, RunDescription description) {
    DataFacts facts = description.dataFacts();
    return new TrainingData(
        description.data(),
        description.dataFolder().map(Path::of),
        facts.classes(),
        facts.shape(),
        facts.normalization(),
        facts.listing(),
        facts.listing().flatMap(sha256 -> listing(folder.resolve(PICTURES), sha256)));
  }

  private static Optional<List<ListedFile>> listing(Path file, String sha256) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<ListedFile> listing = ListedFile.read(file);
    if (!ListedFile.sha256(listing.stream()).equals(sha256)) {
      throw new UserError(
          Kind.DAMAGED,
          "%s is not the listing of the pictures that %s beside it tells of".formatted(file, RUN));
    }
    return Optional.of(listing);
  }

  /**
   * Every epoch that a folder's metrics tell of.
   *
   * @throws UserError where a line is damaged
   */
  static List<EpochMetrics> metrics(Path folder) {
    return EpochLog.read(folder.resolve(METRICS)).epochs();
  }

  /**
   * The SHA-256 of the run's description, which stays as it was first written but where its epochs
   * grow.
   *
   * @throws UserError where it is gone
   */
  String identity() {
    Path file = folder.resolve(RUN);
    try {
      return Sha256.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UserError(
          Kind.MISSING,
          "%s is gone: the run folder was removed while the run was being trained".formatted(file),
          e);
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  /** The last checkpoint, if one was written yet. */
  Optional<Checkpoint> lastCheckpoint() {
    return Files.exists(checkpoint())
        ? Optional.of(Checkpoint.read(checkpoint()))
        : Optional.empty();
  }

  /**
   * Looks whether a run without a checkpoint can be at its beginning: the first epoch's metrics are
   * written just before its checkpoint.
   *
   * @throws UserError where more epochs are done, so that the checkpoint was lost
   */
  void requireBeginning(RunDescription description) {
    if (description.from().isPresent()) {
      throw new UserError(
          Kind.MISSING,
          "%s is missing, which holds the weights of %s that the run began with; it can be begun again in a new folder"
              .formatted(checkpoint(), description.from().get().network()));
    }
    int epochs = metrics(folder).size();
    if (epochs > 1) {
      throw new UserError(
          Kind.MISSING,
          "%s is missing, though %d epochs are done, as %s says; without it the run cannot go on"
              .formatted(checkpoint(), epochs, METRICS));
    }
  }

  /**
   * The metrics of the first epochs. Later lines are of epochs that no checkpoint holds: they are
   * looked at by nobody.
   *
   * @throws UserError where one of those epochs is missing
   */
  EpochLog log(int epochs) {
    Path file = folder.resolve(METRICS);
    EpochLog log = EpochLog.read(file, epochs);
    if (log.epochs().size() < epochs) {
      throw new UserError(
          Kind.DAMAGED,
          "%s has %d lines, but the checkpoint is of epoch %d"
              .formatted(file, log.epochs().size(), epochs));
    }
    return log;
  }

  /** Lets others take the folder. */
  @Override
  public void close() {
    lock.close();
  }
}
