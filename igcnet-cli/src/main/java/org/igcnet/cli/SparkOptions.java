package org.igcnet.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.igcnet.train.TrainingCluster;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a training is shared by a cluster, and how. */
final class SparkOptions {
  private static final int MOST = 4096;

  /** As on the paper's two GPUs. */
  private static final int USUAL_WORKERS = 2;

  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "Let the workers of a cluster share every batch: the address of Spark's master, spark://HOST:7077, or yarn.")
  private @Nullable String master;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Workers with --spark; each has its own part of a batch, which shares norms (default: 2).")
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
          "Where the workers keep the run, such as hdfs://HOST/runs/a (default: the run folder, which all machines have to see).")
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

  /** The cluster that is asked for, to be closed; null where none is. */
  @Nullable TrainingCluster connect() {
    if (master == null) {
      if (workers != null || threads != null || store != null || !settings.isEmpty()) {
        throw new UsageMistake(
            "--workers, --worker-threads, --store and --spark-conf go with --spark MASTER");
      }
      return null;
    }
    return TrainingCluster.connect(
        new TrainingCluster.Wanted(
            master, workers(), threads(), Optional.ofNullable(store), settings));
  }
}
