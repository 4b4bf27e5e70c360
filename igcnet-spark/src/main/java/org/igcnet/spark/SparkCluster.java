package org.igcnet.spark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.data.DataSpec;
import org.igcnet.spark.SparkTraining.Settings;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun.Outcome;
import org.jspecify.annotations.Nullable;

/** A cluster of Spark, to which this process is the driver. */
final class SparkCluster implements TrainingCluster {
  private final JavaSparkContext spark;
  private final Wanted wanted;
  private boolean fetched;
  private volatile boolean stopping;
  private volatile @Nullable SparkTraining running;

  private SparkCluster(JavaSparkContext spark, Wanted wanted) {
    this.spark = spark;
    this.wanted = wanted;
  }

  /**
   * Begins an application.
   *
   * @throws UserError where Spark does not let it
   */
  static SparkCluster connect(Wanted wanted) {
    SparkConf conf = new SparkConf().setMaster(wanted.master()).setAppName("igcnet");
    conf.set("spark.task.cpus", String.valueOf(wanted.threads()));
    conf.setIfMissing("spark.executor.cores", String.valueOf(wanted.threads()));
    conf.setIfMissing("spark.cores.max", String.valueOf(wanted.workers() * wanted.threads()));
    conf.setIfMissing("spark.ui.enabled", "false");
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    conf.setIfMissing("spark.network.timeout", "60s");
    conf.setIfMissing("spark.executor.extraJavaOptions", ownOptions());
    conf.set("spark.dynamicAllocation.enabled", "false");
    conf.set("spark.speculation", "false");
    if (!conf.contains("spark.jars")) {
      conf.set("spark.jars", String.join(",", ProgramJars.all()));
    }
    wanted.settings().forEach(conf::set);
    try {
      return new SparkCluster(new JavaSparkContext(conf), wanted);
    } catch (Exception refused) { // Scala declares none
      throw new UserError(
          Kind.ACCESS,
          "Spark at %s cannot be used: %s".formatted(wanted.master(), Reason.of(refused)),
          refused);
    }
  }

  /** An executor gets what this JVM was told about its memory and its compiler. */
  private static String ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:"))
        .collect(Collectors.joining(" "));
  }

  @Override
  public void fetch(Path run) {
    fetched = true;
    store()
        .filter(store -> !store.isEmpty())
        .ifPresent(
            store -> {
              store.requireSame(run);
              store.fetch(run);
            });
  }

  private Optional<RunStore> store() {
    return wanted.store().map(RunStore::new);
  }

  @Override
  public Outcome train(Path run, Optional<DataSpec> data, TrainingListener listener) {
    RunStore store = store().orElseGet(() -> RunStore.local(run));
    if (wanted.store().isPresent()) {
      requireOwn(store);
      store.begin(run).keep();
    }
    Settings usual = Settings.of(wanted.workers());
    Settings settings = data.map(moved -> usual.withData(moved.toString())).orElse(usual);
    SparkTraining training = SparkTraining.of(spark, store.folder(), settings);
    running = training;
    if (stopping) {
      training.stop();
    }
    try {
      return training.train(listener);
    } finally {
      running = null;
      if (wanted.store().isPresent()) {
        store.fetch(run);
      }
    }
  }

  private void requireOwn(RunStore store) {
    if (!fetched && !store.isEmpty()) {
      throw new UserError(
          "%s is not empty; a run needs a new or empty folder".formatted(store.folder()));
    }
  }

  @Override
  public void stop() {
    stopping = true;
    SparkTraining training = running;
    if (training != null) {
      training.stop();
    }
  }

  @Override
  public void close() {
    spark.close();
  }
}
