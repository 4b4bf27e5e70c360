package org.igcnet.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Splits;
import org.igcnet.files.FolderLock;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.WholeFile;
import org.igcnet.lab.ReproductionListener.Overall;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.RunDescription;
import org.igcnet.train.RunDescription.DataFacts;
import org.igcnet.train.TrainingListener;
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
  private final List<Trial> trials;
  private final Path folder;
  private final FolderLock lock;
  private final Compute compute;
  private final String command;
  private volatile boolean stopping;
  private volatile @Nullable TrainingRun running;

  private Reproduction(
      Experiment experiment,
      Scope scope,
      List<Trial> trials,
      Path folder,
      FolderLock lock,
      Compute compute,
      String command) {
    this.experiment = experiment;
    this.scope = scope;
    this.trials = trials;
    this.folder = folder;
    this.lock = lock;
    this.compute = compute;
    this.command = command;
  }

  /**
   * Takes a folder for an experiment.
   *
   * @param data those of the experiment's data sets that are asked for
   * @param folder made where it does not exist
   * @param command what to give a shell to repeat it, for the page
   * @throws UserError where the scope or the data are not the experiment's, a network cannot be
   *     built, another process works in the folder, or it holds the results of another experiment
   */
  public static Reproduction open(
      Experiment experiment,
      Scope scope,
      List<Splits> data,
      Path folder,
      Compute compute,
      String command) {
    scope.requireIn(experiment);
    Map<String, Splits> byKind = byKind(experiment, data);
    List<Trial> trials = trials(experiment, scope, byKind, compute.engine());
    FolderLock lock = take(folder);
    try {
      requireNoOther(folder.resolve(RESULTS), experiment);
      return new Reproduction(experiment, scope, trials, folder, lock, compute, command);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Looks whether an experiment can be done so, before its data are read.
   *
   * @param data names of what {@link #open} is to be given
   * @throws UserError where the scope or the data are not the experiment's, or no training can be
   *     as the scope wants it
   */
  public static void requirePossible(Experiment experiment, Scope scope, List<DataSpec> data) {
    scope.requireIn(experiment);
    Set<String> kinds = new HashSet<>();
    for (DataSpec spec : data) {
      String kind = kind(experiment, spec.toString());
      requireFirst(kinds.add(kind), kind);
    }
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

  private static Map<String, Splits> byKind(Experiment experiment, List<Splits> data) {
    Map<String, Splits> byKind = new LinkedHashMap<>();
    for (Splits splits : data) {
      String kind = kind(experiment, splits.spec());
      requireFirst(byKind.put(kind, splits) == null, kind);
    }
    return byKind;
  }

  private static void requireFirst(boolean first, String kind) {
    if (!first) {
      throw new UserError("%s is given twice".formatted(kind));
    }
  }

  /** Which of the experiment's data some are, or else can stand for. */
  private static String kind(Experiment experiment, String spec) {
    String own = Splits.kind(spec);
    List<String> known = experiment.data().stream().map(Experiment.Data::kind).toList();
    return Stream.concat(
            known.stream().filter(own::equals),
            known.stream().filter(kind -> DataSpec.standsFor(own, kind)))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "%s is not about %s; its data are %s"
                        .formatted(experiment.name(), spec, String.join(", ", known))));
  }

  /** Seeds outermost: a table is complete early, with one seed. */
  private static List<Trial> trials(
      Experiment experiment, Scope scope, Map<String, Splits> data, Backend engine) {
    Map<String, DataFacts> facts = new HashMap<>();
    data.forEach((kind, splits) -> facts.put(kind, DataFacts.of(splits)));
    List<Trial> trials = new ArrayList<>();
    for (long seed = 1; seed <= scope.seeds(); seed++) {
      for (Cell cell : experiment.cells()) {
        Splits splits = data.get(cell.data().kind());
        DataFacts known = facts.get(cell.data().kind());
        if (splits != null && known != null && scope.covers(cell)) {
          trials.add(trial(cell, splits, known, scope, seed, engine));
        }
      }
    }
    return List.copyOf(trials);
  }

  private static Trial trial(
      Cell cell, Splits splits, DataFacts facts, Scope scope, long seed, Backend engine) {
    Architecture architecture = cell.architecture(facts.classes().size(), facts.shape());
    return Trial.of(
        cell,
        splits,
        RunDescription.of(
            architecture,
            splits,
            facts,
            cell.data().recipe().recipe(scope, architecture.network().identity(), seed),
            engine));
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
    return Results.of(experiment, scope, attempts(), folder);
  }

  /** How far it is, before it runs. */
  public Overall overall() {
    List<Attempt> attempts = attempts();
    return overall(attempts, Pace.of(attempts), Optional.empty(), 0);
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
    Map<Trial, String> failed = new LinkedHashMap<>();
    write(Renewal.now());
    for (Trial trial : trials) {
      if (stopping || timeIsUp.getAsBoolean()) {
        break;
      }
      if (!attempt(trial).finished()) {
        try {
          train(trial, listener, timeIsUp);
        } catch (TrainingRun.Stopped stopped) {
          break;
        } catch (UserError e) {
          failed.put(trial, String.valueOf(e.getMessage()));
          listener.leftOut(trial, String.valueOf(e.getMessage()));
        }
        write(Renewal.now());
      }
    }
    write(Renewal.NONE);
    if (!failed.isEmpty()) {
      throw new UserError(
          "%d of %d runs failed: %s"
              .formatted(
                  failed.size(),
                  trials.size(),
                  failed.entrySet().stream()
                      .map(entry -> entry.getKey() + ": " + entry.getValue())
                      .collect(Collectors.joining("; "))));
    }
    return results();
  }

  private void train(Trial trial, ReproductionListener listener, BooleanSupplier timeIsUp) {
    Attempt before = attempt(trial);
    if (before.run().isPresent() && before.run().get().underWay()) {
      listener.leftOut(
          trial, "another process trains it in %s".formatted(before.run().get().folder()));
      return;
    }
    try (TrainingRun run = open(before, listener)) {
      running = run;
      if (stopping) {
        run.stop();
      }
      List<Attempt> attempts = attempts();
      Pace pace = Pace.of(attempts);
      int done = run.metrics().size();
      listener.starting(trial, done, overall(attempts, pace, Optional.of(trial), done));
      EpochMetrics last = run.run(new Heard(run, trial, listener, timeIsUp)).last();
      attempts = attempts();
      listener.finished(trial, last, overall(attempts, Pace.of(attempts), Optional.empty(), 0));
    } finally {
      running = null;
    }
  }

  /**
   * Asks it to stop: the training that is under way as {@link TrainingRun#stop} says, and no other
   * begins. Any thread may ask, at any time.
   */
  public void stop() {
    stopping = true;
    TrainingRun run = running;
    if (run != null) {
      run.stop();
    }
  }

  /** What is to say where the file system of its folder knows no locks. */
  public Optional<String> warning() {
    return lock.warning();
  }

  private TrainingRun open(Attempt attempt, ReproductionListener listener) {
    Trial trial = attempt.trial();
    return attempt
        .run()
        .map(run -> resume(run, trial, listener))
        .orElseGet(
            () ->
                TrainingRun.start(
                    runs().fresh(trial.folderName()),
                    trial.architecture(),
                    trial.splits(),
                    trial.wanted().recipe(),
                    compute));
  }

  /** Where pictures came or went, those that the run began with keep their places. */
  private TrainingRun resume(RecordedRun run, Trial trial, ReproductionListener listener) {
    if (trial.isExactly(run)) {
      return TrainingRun.resume(run.folder(), trial.splits(), compute.device(), compute.threads());
    }
    DataSpec data = DataSpec.parse(trial.splits().spec());
    return TrainingRun.resume(
        run.folder(), Optional.of(data), compute.device(), compute.threads(), listener);
  }

  private RunFolders runs() {
    return new RunFolders(folder.resolve(RUNS));
  }

  private List<Attempt> attempts() {
    List<RecordedRun> runs = runs().read();
    return trials.stream().map(trial -> Attempt.of(trial, runs)).toList();
  }

  private Attempt attempt(Trial trial) {
    return Attempt.of(trial, runs().read());
  }

  private void write(Renewal renewal) {
    List<Attempt> attempts = attempts();
    Results results = Results.of(experiment, scope, attempts, folder);
    byte[] document = JsonDocument.document(results);
    byte[] page = ReportPage.of(experiment, results, attempts, command, renewal);
    WholeFile.write(folder.resolve(RESULTS), out -> out.write(document));
    WholeFile.write(folder.resolve(REPORT), out -> out.write(page));
  }

  /**
   * @param running the trial that is being trained, if any
   * @param epochs of it that are done, the running one in part
   */
  private static Overall overall(
      List<Attempt> attempts, Pace pace, Optional<Trial> running, double epochs) {
    double done = 0;
    double all = 0;
    double seconds = 0;
    int finished = 0;
    for (Attempt attempt : attempts) {
      Trial trial = attempt.trial();
      double of = running.filter(trial::equals).isPresent() ? epochs : attempt.metrics().size();
      double work = trial.multiplyAdds() * trial.imagesPerEpoch();
      done += of * work;
      all += trial.epochs() * work;
      if (of < trial.epochs()) {
        seconds += pace.seconds(trial, trial.epochs() - of);
      }
      finished += attempt.finished() ? 1 : 0;
    }
    return new Overall(finished, attempts.size(), all == 0 ? 1 : done / all, seconds);
  }

  /** Stops a training when the time is up, and keeps the results up to date. */
  private final class Heard implements TrainingListener {
    private final TrainingRun run;
    private final Trial trial;
    private final ReproductionListener listener;
    private final BooleanSupplier timeIsUp;
    private List<Attempt> attempts = attempts();
    private Pace pace = Pace.of(attempts);

    Heard(TrainingRun run, Trial trial, ReproductionListener listener, BooleanSupplier timeIsUp) {
      this.run = run;
      this.trial = trial;
      this.listener = listener;
      this.timeIsUp = timeIsUp;
    }

    @Override
    public void batch(BatchProgress progress) {
      pace.put(trial, progress.imagesPerSecond());
      double epochs = progress.epoch() - 1 + (double) progress.batch() / progress.batches();
      listener.batch(trial, progress, overall(attempts, pace, Optional.of(trial), epochs));
      if (timeIsUp.getAsBoolean() && progress.batch() < progress.batches()) {
        run.stop();
      }
    }

    @Override
    public void skipped(String sentence) {
      listener.skipped(sentence);
    }

    @Override
    public void epoch(EpochMetrics metrics, boolean best) {
      write(Renewal.now());
      attempts = attempts();
      pace = Pace.of(attempts);
      if (timeIsUp.getAsBoolean()) {
        run.stop();
      }
    }
  }

  /** Lets others take the folder. */
  @Override
  public void close() {
    lock.close();
  }
}
