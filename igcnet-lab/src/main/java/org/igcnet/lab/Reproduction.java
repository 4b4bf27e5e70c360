package org.igcnet.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Splits;
import org.igcnet.files.FolderLock;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.WholeFile;
import org.igcnet.lab.ReproductionListener.Overall;
import org.igcnet.train.TrainingRun;
import org.jspecify.annotations.Nullable;

/**
 * Runs an experiment into a folder that one process at a time may write to. A run that is there is
 * used, and one that was begun goes on where it stopped, whoever began it: a run belongs to a trial
 * where its description says the same. So at any moment the process may be killed.
 *
 * <pre>
 *   runs/DATA/NAME/   a run folder for each trial, of any name
 *   results.json      {@link Results}, after each epoch
 *   report.html       the same for people
 * </pre>
 */
public final class Reproduction implements AutoCloseable {
  public static final String REPORT = "report.html";

  private static final String RESULTS = "results.json";
  private static final String RUNS = "runs";

  private final Experiment experiment;
  private final Scope scope;
  private final Trials trials;
  private final Path folder;
  private final FolderLock lock;
  private final Workplace workplace;
  private final String command;
  private volatile boolean stopping;
  private volatile @Nullable Sweep running;

  private Reproduction(
      Experiment experiment,
      Scope scope,
      Trials trials,
      Path folder,
      FolderLock lock,
      Workplace workplace,
      String command) {
    this.experiment = experiment;
    this.scope = scope;
    this.trials = trials;
    this.folder = folder;
    this.lock = lock;
    this.workplace = workplace;
    this.command = command;
  }

  /**
   * Takes a folder for an experiment.
   *
   * @param data those of the experiment's data sets that are asked for
   * @param folder made where it does not exist
   * @param workplace where the trainings are done
   * @param command what to give a shell to repeat it, for the page
   * @throws UserError where the scope or the data are not the experiment's, a network cannot be
   *     built, another process works in the folder, or it holds the results of another experiment,
   *     or the workplace has another run in a trial's place
   */
  public static Reproduction open(
      Experiment experiment,
      Scope scope,
      List<Splits> data,
      Path folder,
      Workplace workplace,
      String command) {
    scope.requireIn(experiment);
    Trials trials =
        Trials.of(experiment, scope, data, workplace.compute().engine(), folder.resolve(RUNS));
    FolderLock lock = take(folder);
    try {
      requireNoOther(folder.resolve(RESULTS), experiment);
      trials.fetch(workplace);
      return new Reproduction(experiment, scope, trials, folder, lock, workplace, command);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Looks whether an experiment can be done so, before its data are read.
   *
   * @param data names of what {@link #open} is to be given
   * @param compute what is to train
   * @throws UserError where the scope or the data are not the experiment's, or no training can be
   *     as the scope wants it
   */
  public static void requirePossible(
      Experiment experiment, Scope scope, List<DataSpec> data, Compute compute) {
    scope.requireIn(experiment);
    compute.require(scope.precision());
    Set<String> kinds = Trials.kinds(experiment, data);
    experiment.data().stream()
        .filter(known -> kinds.contains(known.kind()))
        .forEach(known -> known.recipe().recipe(scope, false, 1));
  }

  /**
   * Looks whether a folder can hold an experiment, before its data are read. The folder stays as it
   * is.
   *
   * @throws UserError where it holds the results of another, or cannot be made or written into
   */
  public static void requireFree(Experiment experiment, Path folder) {
    WholeFile.requireWritableFolder(folder);
    requireNoOther(folder.resolve(RESULTS), experiment);
  }

  private static FolderLock take(Path folder) {
    WholeFile.makeFolder(folder);
    return FolderLock.take(folder)
        .orElseThrow(
            () ->
                new UserError(
                    "another process reproduces in %s; wait for its end, stop it, or choose another folder"
                        .formatted(folder)));
  }

  private static void requireNoOther(Path file, Experiment experiment) {
    if (!Files.exists(file)) {
      return;
    }
    Results there = Results.FORMAT.read(file);
    if (!there.experiment().equals(experiment.name())) {
      throw new UserError(
          "%s holds the results of %s; choose another folder for %s"
              .formatted(file, there.experiment(), experiment.name()));
    }
  }

  /** What there is. */
  public Results results() {
    return Results.of(experiment, scope, trials.attempts(), folder);
  }

  /** How far it is, before it runs. */
  public Overall overall() {
    return new Standing(trials.attempts(), workplace.trainings()).overall();
  }

  /**
   * Trains what is missing.
   *
   * @param budget after which it stops, in the middle of an epoch too
   * @return what there is then, which after {@link #stop} may not be all
   * @throws UserError where a file cannot be read or written, or where all was tried and a training
   *     failed
   */
  public Results run(ReproductionListener listener, Duration budget) {
    long began = System.nanoTime();
    return run(listener, () -> System.nanoTime() - began >= budget.toNanos());
  }

  /**
   * As {@link #run(ReproductionListener, Duration)}, with something else that says when to stop.
   */
  Results run(ReproductionListener listener, BooleanSupplier timeIsUp) {
    write(trials.attempts(), Renewal.now());
    Sweep sweep =
        new Sweep(
            trials, workplace, listener, timeIsUp, attempts -> write(attempts, Renewal.now()));
    running = sweep;
    if (stopping) {
      sweep.stop();
    }
    Map<Trial, String> failed = sweep.run();
    running = null;
    write(trials.attempts(), Renewal.NONE);
    if (!failed.isEmpty()) {
      throw new UserError(
          "%d of %d runs failed: %s"
              .formatted(
                  failed.size(),
                  trials.all().size(),
                  failed.entrySet().stream()
                      .map(entry -> entry.getKey() + ": " + entry.getValue())
                      .collect(Collectors.joining("; "))));
    }
    return results();
  }

  /**
   * Asks it to stop: the training that is under way as {@link TrainingRun#stop} says, and no other
   * begins. Any thread may ask, at any time.
   */
  public void stop() {
    stopping = true;
    Sweep sweep = running;
    if (sweep != null) {
      sweep.stop();
    }
  }

  /** What is to say where the file system of its folder knows no locks. */
  public Optional<String> warning() {
    return lock.warning();
  }

  private void write(List<Attempt> attempts, Renewal renewal) {
    Results results = Results.of(experiment, scope, attempts, folder);
    byte[] document = JsonDocument.document(results);
    byte[] page = ReportPage.of(experiment, results, attempts, command, renewal);
    WholeFile.write(folder.resolve(RESULTS), out -> out.write(document));
    WholeFile.write(folder.resolve(REPORT), out -> out.write(page));
  }

  /** Lets others take the folder. */
  @Override
  public void close() {
    lock.close();
  }
}
