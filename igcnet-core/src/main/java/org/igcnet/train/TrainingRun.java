package org.igcnet.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Backend;
import org.igcnet.backend.Compute;
import org.igcnet.backend.GradientExchange;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Splits;
import org.igcnet.data.TrainingData;
import org.igcnet.data.WorkListener;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.Sha256;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.Checkpoint.Siblings;

/**
 * A training in a folder of its own: what a {@link Trainer} comes to is kept there. At any moment
 * the process may be killed: the folder then holds the last checkpoint and the best model so far,
 * each whole, and {@link #resume} goes on to exactly the weights that an uninterrupted training
 * gets. The weights do not depend on the number of threads.
 *
 * <pre>
 *   run.json            network, data and recipe
 *   pictures.txt        where the data are pictures, the files that they are in
 *   metrics.jsonl       one line an epoch, {@link EpochMetrics}
 *   last.safetensors    the last checkpoint: weights, velocities, position
 *   model.json          with model.safetensors the network after the epoch of the best test
 *   model.safetensors   accuracy: a run folder is a {@link ModelFolder}
 * </pre>
 */
public final class TrainingRun implements AutoCloseable {
  /** Time between checkpoints within a long epoch. */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMinutes(5);

  private final RunFolder folder;
  private final RunDescription description;
  private final Trainer trainer;
  private final String identity;
  private final EpochLog log;
  private final List<String> remarks;
  private volatile boolean stopping;

  /** When the last checkpoint was written, by {@link System#nanoTime}. */
  private long written = System.nanoTime();

  /**
   * How a training ended.
   *
   * @param last the last epoch
   * @param best the first with the highest test accuracy, whose model is kept
   */
  public record Outcome(EpochMetrics last, EpochMetrics best) {}

  /** A training that was asked to stop has done so; its checkpoint is written. */
  public static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A training that stopped.
     *
     * @param message where it did, in one sentence
     */
    public Stopped(String message) {
      super(message);
    }
  }

  private TrainingRun(
      RunFolder folder,
      RunDescription description,
      Trainer trainer,
      String identity,
      EpochLog log,
      List<String> remarks) {
    this.folder = folder;
    this.description = description;
    this.trainer = trainer;
    this.identity = identity;
    this.log = log;
    this.remarks = remarks;
  }

  /**
   * {@return what a training takes from Java's heap, without the data set}
   *
   * @param architecture the network
   * @param batchSize images of one step
   * @param normImages images that share batch normalisation's statistics
   * @param precision of the feature maps
   * @param compute what runs the network
   */
  public static MemoryPlan memory(
      Architecture architecture,
      int batchSize,
      int normImages,
      Precision precision,
      Compute compute) {
    return Trainer.memory(architecture, batchSize, normImages, precision, compute)
        .plus("files", ModelFolder.writing(architecture));
  }

  static void requireMemory(
      Architecture architecture, Splits splits, Recipe recipe, Compute compute) {
    memory(architecture, recipe.batchSize(), recipe.norms().images(), recipe.precision(), compute)
        .plus("the average of the weights", Trainer.averageBytes(architecture, recipe))
        .plus("decoding pictures", splits.readingBytes())
        .requireHeap("training %s at batch %,d".formatted(architecture, recipe.batchSize()));
  }

  /**
   * Looks whether a training can begin in a folder, before its data are read. The folder stays as
   * it is.
   *
   * @param folder that of the run to be
   * @throws UserError where anything is in it, or it cannot be made or written into
   */
  public static void requireFree(Path folder) {
    RunFolder.requireFree(folder);
  }

  /**
   * Begins a training.
   *
   * @param folder new or empty
   * @param architecture the network
   * @param splits what to learn and to test with
   * @param recipe how
   * @param compute what runs the network
   * @return the training, to be run and closed
   * @throws UserError where the folder holds anything, the network does not fit the data, or Java's
   *     heap has no room for it
   */
  public static TrainingRun start(
      Path folder, Architecture architecture, Splits splits, Recipe recipe, Compute compute) {
    return start(folder, architecture, splits, recipe, Optional.empty(), compute);
  }

  /**
   * Begins a training, perhaps with the weights of a model.
   *
   * @param folder new or empty
   * @param architecture the network
   * @param splits what to learn and to test with
   * @param recipe how
   * @param from the model, of the same network, depth and body; its final layer is taken where its
   *     classes are those of the data
   * @param compute what runs the network
   * @return the training, to be run and closed
   * @throws UserError as {@link #start(Path, Architecture, Splits, Recipe, Compute)}, and where the
   *     model has another body
   */
  public static TrainingRun start(
      Path folder,
      Architecture architecture,
      Splits splits,
      Recipe recipe,
      Optional<FirstModel> from,
      Compute compute) {
    return start(() -> RunFolder.create(folder), architecture, splits, recipe, from, compute);
  }

  /**
   * As {@link #start}, in a folder that is made for it.
   *
   * @param wanted where this exists, the folder has {@code -2}, {@code -3} and so on behind its
   *     name
   * @param architecture the network
   * @param splits what to learn and to test with
   * @param recipe how
   * @param from the model whose weights it begins with, if any
   * @param compute what runs the network
   * @return the training, to be run and closed
   */
  public static TrainingRun startNew(
      Path wanted,
      Architecture architecture,
      Splits splits,
      Recipe recipe,
      Optional<FirstModel> from,
      Compute compute) {
    return start(() -> RunFolder.createNew(wanted), architecture, splits, recipe, from, compute);
  }

  private static TrainingRun start(
      Supplier<RunFolder> folder,
      Architecture architecture,
      Splits splits,
      Recipe recipe,
      Optional<FirstModel> from,
      Compute compute) {
    from.ifPresent(first -> FineTuning.requireSameBody(architecture, first.model()));
    requireMemory(architecture, splits, recipe, compute);
    RunDescription anew = RunDescription.of(architecture, splits, recipe, compute.engine());
    RunDescription description = from.map(FirstWeights::of).map(anew::from).orElse(anew);
    RunFolder taken = folder.get();
    return orClosed(
        taken::close,
        () ->
            open(
                description,
                recipe,
                splits,
                compute,
                GradientExchange.ALONE,
                trainer -> {
                  taken.write(description, splits);
                  TrainingRun run =
                      new TrainingRun(
                          taken,
                          description,
                          trainer,
                          Sha256.of(JsonDocument.document(description)),
                          taken.log(0),
                          taken.warning().stream().toList());
                  from.map(FirstModel::model).ifPresent(run::beginWith);
                  return run;
                }));
  }

  /**
   * As {@link #resume(Path, String, int)}, on the processor.
   *
   * @param folder a run folder
   * @param threads threads that compute
   * @return the run, to be run and closed
   * @throws UserError as there
   */
  public static TrainingRun resume(Path folder, int threads) {
    return resume(folder, Compute.CPU, threads);
  }

  /**
   * Goes on with a training at its last checkpoint, on the engine that it began with. A training
   * that is done does nothing more.
   *
   * @param folder that of the run
   * @param device {@code cpu}, or what else that engine knows
   * @param threads threads that compute, any number
   * @return the training, to be run and closed
   * @throws UserError where the folder holds no run, another process trains in it, or a file in it
   *     or of the data is missing, damaged or changed
   */
  public static TrainingRun resume(Path folder, String device, int threads) {
    return resume(folder, Optional.empty(), device, threads, WorkListener.SILENT);
  }

  /**
   * As {@link #resume(Path, String, int)}, with the same data where they lie now. A few pictures
   * that have gone or changed since are left out, and all others stay in their places.
   *
   * @param folder that of the run
   * @param data the data's name now, if not as it was; what it does not say is as the run has it
   * @param device {@code cpu}, or what else that engine knows
   * @param threads threads that compute, any number
   * @param listener hears how far the opening of the data is
   * @return the training, to be run and closed
   */
  public static TrainingRun resume(
      Path folder, Optional<DataSpec> data, String device, int threads, WorkListener listener) {
    return resume(folder, data, OptionalInt.empty(), device, threads, listener);
  }

  /**
   * As {@link #resume(Path, Optional, String, int, WorkListener)}, with more epochs than the run
   * began with. It goes on with its checkpoint, at the learning rates of the longer schedule; so it
   * differs from a run that had as many epochs from the beginning.
   *
   * @param folder that of the run
   * @param data the data's name now, if not as it was
   * @param epochs how many the run is to have in all, if not as many as it has
   * @param device {@code cpu}, or what else that engine knows
   * @param threads threads that compute, any number
   * @param listener hears how far the opening of the data is
   * @return the training, to be run and closed
   * @throws UserError as there, and where the run has more epochs
   */
  public static TrainingRun resume(
      Path folder,
      Optional<DataSpec> data,
      OptionalInt epochs,
      String device,
      int threads,
      WorkListener listener) {
    return resume(
        folder,
        known -> known.again(data, listener),
        epochs,
        device,
        threads,
        GradientExchange.ALONE);
  }

  /**
   * Goes on with a training together with others, each of which has a copy of the run's folder of
   * its own and all the data. Every batch is shared among them, and each ends with the same files,
   * but for what they tell of times.
   *
   * @param folder this trainer's copy
   * @param data the data's name here, if not as it was
   * @param threads threads that compute, any number
   * @param exchange joins it with the others
   * @return the training, to be run and closed
   * @throws UserError as {@link #resume(Path, String, int)}, and where the batch has fewer groups
   *     that share norms than there are trainers
   */
  public static TrainingRun resume(
      Path folder, Optional<DataSpec> data, int threads, GradientExchange exchange) {
    return resume(
        folder,
        known -> known.again(data, WorkListener.SILENT),
        OptionalInt.empty(),
        Compute.CPU,
        threads,
        exchange);
  }

  /**
   * As {@link #resume(Path, String, int)} on the processor, with the same data opened under another
   * name.
   *
   * @param folder that of the run
   * @param splits the same data, opened
   * @param threads threads that compute, any number
   * @return the training, to be run and closed
   */
  public static TrainingRun resume(Path folder, Splits splits, int threads) {
    return resume(folder, splits, Compute.CPU, threads);
  }

  /**
   * As {@link #resume(Path, String, int)}, with the same data opened under another name.
   *
   * @param folder that of the run
   * @param splits the same data, opened
   * @param device {@code cpu}, or what else that engine knows
   * @param threads threads that compute, any number
   * @return the training, to be run and closed
   */
  public static TrainingRun resume(Path folder, Splits splits, String device, int threads) {
    return resume(folder, splits, OptionalInt.empty(), device, threads);
  }

  /**
   * As {@link #resume(Path, Optional, OptionalInt, String, int, WorkListener)}, with the same data
   * opened under another name: a program's own images, too.
   *
   * @param folder that of the run
   * @param splits the same data, opened
   * @param epochs how many the run is to have in all, if not as many as it has
   * @param device {@code cpu}, or what else that engine knows
   * @param threads threads that compute, any number
   * @return the training, to be run and closed
   */
  public static TrainingRun resume(
      Path folder, Splits splits, OptionalInt epochs, String device, int threads) {
    return resume(folder, _ -> splits, epochs, device, threads, GradientExchange.ALONE);
  }

  /**
   * Goes on with a run, on data that are opened by what it remembers of them.
   *
   * @param epochs how many the run is to have in all, if not as many as it has
   */
  static TrainingRun resume(
      Path folder,
      Function<TrainingData, Splits> data,
      OptionalInt epochs,
      String device,
      int threads,
      GradientExchange exchange) {
    RunFolder taken = RunFolder.open(folder);
    return orClosed(
        taken::close,
        () -> {
          RunDescription before = taken.description();
          RunDescription description = before.grown(epochs, taken.identity());
          if (!description.equals(before)) {
            requireUnfinished(new RecordedRun(folder, description, RunFolder.metrics(folder)));
          }
          Splits splits = data.apply(RunFolder.data(folder, description));
          description.requireSame(splits);
          Compute compute = Compute.of(description.engine(), device, threads);
          Recipe recipe = possible(description.recipe(), compute);
          requireMemory(description.architecture(), splits, recipe, compute);
          return open(
              description,
              recipe,
              splits,
              compute,
              exchange,
              trainer -> {
                Optional<Checkpoint> checkpoint = taken.lastCheckpoint();
                if (!description.equals(before)) {
                  checkpoint.ifPresent(old -> old.requireRun(taken.identity(), before.earlier()));
                  taken.write(description);
                }
                TrainingRun run =
                    new TrainingRun(
                        taken,
                        description,
                        trainer,
                        taken.identity(),
                        taken.log(checkpoint.map(c -> c.progress().epoch()).orElse(0)),
                        remarks(taken, description, trainer.recipe(), compute, checkpoint));
                checkpoint.ifPresent(run::restore);
                run.log.write();
                return run;
              });
        });
  }

  /** More epochs are none for a training that its patience has ended. */
  private static void requireUnfinished(RecordedRun grown) {
    if (grown.finished()) {
      throw new UserError(
          "the run ended with epoch %,d, after %,d without a better test; more epochs do not change that"
              .formatted(grown.metrics().size(), grown.description().recipe().patience()));
    }
  }

  private static TrainingRun open(
      RunDescription description,
      Recipe recipe,
      Splits splits,
      Compute compute,
      GradientExchange exchange,
      Function<Trainer, TrainingRun> opening) {
    Trainer trainer =
        Trainer.of(
            description.architecture(),
            splits,
            description.dataFacts().normalization(),
            recipe,
            compute,
            exchange);
    return orClosed(trainer::close, () -> opening.apply(trainer));
  }

  /** A run goes on where its precision is not to be had, as it does with other vectors. */
  private static Recipe possible(Recipe recipe, Compute compute) {
    Backend engine = compute.engine();
    return engine.precisions().contains(recipe.precision())
        ? recipe
        : recipe.withPrecision(engine.fastestPrecision());
  }

  private static List<String> remarks(
      RunFolder folder,
      RunDescription description,
      Recipe recipe,
      Compute compute,
      Optional<Checkpoint> checkpoint) {
    List<String> remarks = new ArrayList<>(folder.warning().stream().toList());
    Optional<Integer> lanes = compute.engine().lanes();
    if (description.lanes().isPresent() && !description.lanes().equals(lanes)) {
      remarks.add(
          "the run began %s and goes on %s: its weights will differ in their last digits from those of a run without the change"
              .formatted(
                  vectors(description.lanes().get()),
                  lanes.map(TrainingRun::vectors).orElse("otherwise")));
    }
    Precision before = description.recipe().precision();
    if (before != recipe.precision()) {
      remarks.add(
          "the run kept feature maps as %s and goes on with them as %s: its weights will differ from those of a run without the change"
              .formatted(before, recipe.precision()));
    }
    if (checkpoint.isEmpty()) {
      folder.requireBeginning(description);
      remarks.add("%s is not there yet: the run begins anew".formatted(folder.checkpoint()));
    }
    return List.copyOf(remarks);
  }

  private static String vectors(int lanes) {
    return lanes == 1 ? "without vectors" : "with vectors of %d numbers".formatted(lanes);
  }

  /** Opens a training, or closes what was opened for it where that fails. */
  private static TrainingRun orClosed(Runnable close, Supplier<TrainingRun> opening) {
    try {
      return opening.get();
    } catch (RuntimeException | Error failed) {
      try {
        close.run();
      } catch (RuntimeException | Error too) {
        failed.addSuppressed(too);
      }
      throw failed;
    }
  }

  private void restore(Checkpoint checkpoint) {
    requirePossible(checkpoint.progress());
    checkpoint.requireSiblings(siblings(), description.earlier());
    Checkpoint.Learned learned = trainer.learned();
    checkpoint.fill(learned);
    trainer.restore(learned.state(), checkpoint.progress(), log.best());
  }

  private Siblings siblings() {
    return new Siblings(identity, log.sha256());
  }

  private void requirePossible(Progress progress) {
    int epochs = recipe().epochs();
    boolean possible =
        progress.epoch() >= 0
            && progress.batch() >= 0
            && progress.batch() <= batchesPerEpoch()
            && progress.epoch() + (progress.batch() > 0 ? 1 : 0) <= epochs;
    if (!possible) {
      throw new UserError(
          "%s is at batch %d of epoch %d, where the run has %d epochs of %d batches"
              .formatted(
                  folder.checkpoint(),
                  progress.batch(),
                  progress.epoch() + 1,
                  epochs,
                  batchesPerEpoch()));
    }
  }

  /** {@return the folder of the run} */
  public Path folder() {
    return folder.path();
  }

  /** {@return the network} */
  public Architecture architecture() {
    return trainer.architecture();
  }

  /** {@return how it learns} */
  public Recipe recipe() {
    return trainer.recipe();
  }

  /** {@return what it learns from and is tested with} */
  public Splits splits() {
    return trainer.splits();
  }

  /** {@return the metrics of the epochs that are done} */
  public List<EpochMetrics> metrics() {
    return log.epochs();
  }

  /** {@return what a user should know of how the run goes on, a sentence each} */
  public List<String> remarks() {
    return remarks;
  }

  /** {@return the number of batches in an epoch} */
  public int batchesPerEpoch() {
    return trainer.batchesPerEpoch();
  }

  /**
   * {@return why the figures of this training are likely to say little} The data are looked through
   * for it each time, as {@link Warning#of(Splits, long, WorkListener)} says.
   *
   * @param listener hears how far it is
   */
  public List<Warning> warnings(WorkListener listener) {
    return Warning.of(splits(), trainer.steps(), listener);
  }

  /**
   * Trains to the end, with a checkpoint after each epoch and every five minutes in between.
   *
   * @param listener hears each step and each epoch
   * @return how it ended
   * @throws UserError where the loss stops being a number, or a file cannot be written
   * @throws Stopped after {@link #stop}, where that was not in the last epoch's end
   */
  public Outcome run(TrainingListener listener) {
    return run(listener, CHECKPOINT_INTERVAL);
  }

  /**
   * As {@link #run(TrainingListener)}, with another time between checkpoints within an epoch.
   *
   * @param listener hears each step and each epoch
   * @param checkpointInterval the time, from which on a checkpoint is due
   * @return how it ended
   */
  public Outcome run(TrainingListener listener, Duration checkpointInterval) {
    written = System.nanoTime();
    while (!trainer.isDone()) {
      stopIfAsked(listener);
      EpochMetrics epoch = trainer.epoch(listener, () -> afterBatch(checkpointInterval, listener));
      keep(epoch, listener);
    }
    return new Outcome(metrics().getLast(), log.best().orElseThrow());
  }

  /**
   * Asks the training to stop: it ends the step that it is in, gives up a test that it is in,
   * writes a checkpoint and throws {@link Stopped}. Any thread may ask, at any time; a training
   * that is not run yet stops before its first step.
   */
  public void stop() {
    stopping = true;
  }

  private void afterBatch(Duration checkpointInterval, TrainingListener listener) {
    stopIfAsked(listener);
    boolean due = System.nanoTime() - written >= checkpointInterval.toNanos();
    if (due && !trainer.epochIsLearned()) {
      checkpoint(listener);
    }
  }

  private void stopIfAsked(TrainingListener listener) {
    if (stopping) {
      checkpoint(listener);
      Progress progress = trainer.progress();
      throw new Stopped(
          "the training stopped after batch %d of %d in epoch %d"
              .formatted(progress.batch(), batchesPerEpoch(), progress.epoch() + 1));
    }
  }

  /** Writes what an epoch came to: the model where it is the best, metrics, checkpoint. */
  private void keep(EpochMetrics epoch, TrainingListener listener) {
    requireFolder();
    boolean best = epoch.isBetterThan(log.best());
    if (best) {
      ModelFolder.write(folder.path(), model(epoch));
    }
    log.add(epoch);
    checkpoint(listener);
    listener.epoch(epoch, best);
  }

  private Model model(EpochMetrics epoch) {
    return trainer.model(epoch, Optional.of(identity), description.dataFacts().listing());
  }

  /** Begins with a model's weights, and writes them down: who resumes need not have the model. */
  private void beginWith(Model model) {
    trainer.beginWith(model);
    checkpoint(TrainingListener.SILENT);
  }

  private void checkpoint(TrainingListener listener) {
    requireFolder();
    Checkpoint.write(folder.checkpoint(), trainer.learned(), trainer.progress(), siblings());
    written = System.nanoTime();
    listener.kept(folder.path());
  }

  private void requireFolder() {
    if (!folder.identity().equals(identity)) {
      throw new UserError(
          "%s holds another run than the one that is being trained: it was replaced meanwhile"
              .formatted(folder.path()));
    }
  }

  /** Stops the threads and lets others take the folder. */
  @Override
  public void close() {
    try {
      trainer.close();
    } finally {
      folder.close();
    }
  }
}
