package org.igcnet.spark;

import java.time.Duration;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.igcnet.train.TrainingRun.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Goes on with a training on a cluster. Each worker is a task of one barrier stage, with all
 * weights, all data and a share of every batch; the workers add up their gradients over direct
 * connections. The weights are the same bits for any number of workers and threads.
 *
 * <pre>{@code
 * Path run = Path.of("/shared/runs/a");
 * Training.of("IGC-L24M2").data("cifar10:/shared/data")
 *     .recipe(recipe -> recipe.withBatch(64, 32)).into(run).close();
 * Outcome outcome = SparkTraining.of(spark, run.toUri().toString(), Settings.of(2)).train(listener);
 * }</pre>
 *
 * <p>Where a worker is lost, the stage begins again at the last checkpoint, as soon as the cluster
 * has room for it.
 */
public final class SparkTraining {
  private final JavaSparkContext spark;
  private final RunStore store;
  private final Settings settings;
  private volatile boolean stopping;
  private volatile @Nullable Attempt running;

  /**
   * How workers come together.
   *
   * @param workers how many share every batch
   * @param data the data's name on the workers, null where it is as the run has it
   * @param patience how long each waits for another before it gives the attempt up
   * @param room how long to wait until the cluster has room for all workers
   * @param checkpoints time between checkpoints within a long epoch
   * @param attempts how often to begin again without a new checkpoint
   */
  public record Settings(
      int workers,
      @Nullable String data,
      Duration patience,
      Duration room,
      Duration checkpoints,
      int attempts) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ROOM = Duration.ofMinutes(5);
    private static final Duration CHECKPOINTS = Duration.ofMinutes(5);
    private static final int ATTEMPTS = 4;

    /**
     * Looks at the numbers.
     *
     * @throws UserError where there is not one worker
     */
    public Settings {
      if (workers < 1) {
        throw new UserError("%d workers train nothing; there is at least one".formatted(workers));
      }
    }

    /**
     * {@return what is usual}
     *
     * @param workers how many share every batch
     */
    public static Settings of(int workers) {
      return new Settings(workers, null, PATIENCE, ROOM, CHECKPOINTS, ATTEMPTS);
    }

    /**
     * {@return the same with data that have another name on the workers}
     *
     * @param name as {@link org.igcnet.data.DataSpec#parse} reads it
     */
    public Settings withData(String name) {
      return new Settings(workers, name, patience, room, checkpoints, attempts);
    }

    /**
     * {@return the same with another time between checkpoints within a long epoch}
     *
     * @param time from which on one is due
     */
    public Settings withCheckpoints(Duration time) {
      return new Settings(workers, data, patience, room, time, attempts);
    }

    /**
     * {@return the same with another time that a worker waits for another}
     *
     * @param time after which it gives up
     */
    public Settings withPatience(Duration time) {
      return new Settings(workers, data, time, room, checkpoints, attempts);
    }

    /**
     * {@return the same with another time that the cluster has to make room}
     *
     * @param time after which there is an error
     */
    public Settings withRoom(Duration time) {
      return new Settings(workers, data, patience, time, checkpoints, attempts);
    }
  }

  private SparkTraining(JavaSparkContext spark, RunStore store, Settings settings) {
    this.spark = spark;
    this.store = store;
    this.settings = settings;
  }

  /**
   * A training on a cluster.
   *
   * @param spark the cluster; a task has as many threads as {@code spark.task.cpus} says
   * @param run the address of a run folder that all machines see, with a scheme: {@code file:},
   *     {@code hdfs:}, {@code s3a:}
   * @param settings how workers come together
   * @return the training, to be run
   */
  public static SparkTraining of(JavaSparkContext spark, String run, Settings settings) {
    return new SparkTraining(spark, new RunStore(run), settings);
  }

  /**
   * Trains to the end.
   *
   * @param listener hears how it goes; of steps it hears some
   * @return how it ended
   * @throws UserError where the run, the data or the machines do not allow it, the cluster has no
   *     room in time, or attempts fail again and again
   * @throws TrainingRun.Stopped after {@link #stop}
   */
  public Outcome train(TrainingListener listener) {
    int fruitless = 0;
    while (true) {
      Room.await(spark, settings.workers(), settings.room());
      Attempt attempt = new Attempt(spark, store, settings, listener);
      running = attempt;
      if (stopping) {
        throw new TrainingRun.Stopped("the training stopped before it began");
      }
      Optional<String> lost = attempt.run();
      running = null;
      if (lost.isEmpty()) {
        return outcome();
      }
      if (stopping) {
        throw new TrainingRun.Stopped("the training stopped at its last checkpoint");
      }
      fruitless = attempt.kept() ? 1 : fruitless + 1;
      requireHope(lost.get(), fruitless);
      listener.lost(lost.get());
    }
  }

  private void requireHope(String lost, int fruitless) {
    if (spark.sc().isStopped()) {
      throw new UserError(
          Kind.ACCESS,
          "Spark has stopped: %s; the run in %s can be resumed from its last checkpoint"
              .formatted(lost, store.folder()));
    }
    if (fruitless >= settings.attempts()) {
      throw new UserError(
          Kind.ACCESS,
          "the training failed %d times without a new checkpoint, at last because %s; the run in %s can be resumed"
              .formatted(fruitless, lost, store.folder()));
    }
  }

  /**
   * Asks the training to stop: the step is ended and a checkpoint is written. Any thread may ask,
   * at any time.
   */
  public void stop() {
    stopping = true;
    Attempt attempt = running;
    if (attempt != null) {
      attempt.stop();
    }
  }

  private Outcome outcome() {
    try (Scratch copy = Scratch.create()) {
      store.fetch(copy.folder());
      RecordedRun run = RecordedRun.read(copy.folder());
      return new Outcome(run.metrics().getLast(), run.best().orElseThrow());
    }
  }
}
