package org.igcnet.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.igcnet.backend.Compute;
import org.igcnet.train.TrainingCluster;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a cluster trains, and how. */
final class SparkOptions {
  private static final int MOST = 4096;

  /** As on the paper's two GPUs. */
  private static final int USUAL_WORKERS = 2;

  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "Train on a cluster: the address of Spark's master, spark://HOST:7077, or yarn.")
  private @Nullable String master;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Workers with --spark: train gives each a part of every batch, which shares norms; reproduce gives each a training (default: 2).")
  private @Nullable Integer workers;

  @Option(
      names = "--worker-threads",
      paramLabel = "N",
      description = "Threads of each worker (default: 1).")
  private @Nullable Integer threads;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description =
          "Where the workers keep what they train, such as hdfs://HOST/runs/a (default: the out folder, which all machines have to see).")
  private @Nullable String store;

  @Option(
      names = "--spark-conf",
      paramLabel = "KEY=VALUE",
      description = "A setting of Spark's, such as spark.executor.memory=4g; any number of them.")
  private final Map<String, String> settings = new LinkedHashMap<>();

  /** Whether there is a cluster. */
  boolean given() {
    return master != null;
  }

  /**
   * Number of workers; 1 without a cluster.
   *
   * @throws UsageMistake where there cannot be so many
   */
  int workers() {
    return master == null
        ? 1
        : UsageMistake.inRange("--workers", workers == null ? USUAL_WORKERS : workers, 1, MOST);
  }

  private int threads() {
    return UsageMistake.inRange("--worker-threads", threads == null ? 1 : threads, 1, MOST);
  }

  /** What computes, in words. */
  String describe(int ownThreads) {
    return given()
        ? "%d workers of %d threads".formatted(workers(), threads())
        : "%d threads".formatted(ownThreads);
  }

  /** The address of the folder in which workers keep what they train. */
  Optional<String> store() {
    return Optional.ofNullable(store);
  }

  /** A cluster whose workers share one training, to be closed; null where none is asked for. */
  @Nullable TrainingCluster sharing() {
    return connect(1, workers());
  }

  /** A cluster whose workers have a training each, to be closed; null where none is asked for. */
  @Nullable TrainingCluster sideBySide() {
    return connect(workers(), 1);
  }

  private @Nullable TrainingCluster connect(int trainings, int workers) {
    if (master == null) {
      if (this.workers != null || threads != null || store != null || !settings.isEmpty()) {
        throw new UsageMistake(
            "--workers, --worker-threads, --store and --spark-conf go with --spark MASTER");
      }
      return null;
    }
    return TrainingCluster.connect(
        new TrainingCluster.Wanted(master, trainings, workers, threads(), settings));
  }

  /**
   * Looks whether the engine can train there.
   *
   * @throws UsageMistake where it cannot
   */
  void requireOwn(Compute compute) {
    if (given() && !compute.engine().name().equals(Compute.OWN)) {
      throw new UsageMistake("--spark trains with the engine igc; leave --engine away");
    }
  }
}
