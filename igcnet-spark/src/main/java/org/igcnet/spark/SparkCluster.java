package org.igcnet.spark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.data.DataSpec;
import org.igcnet.spark.SparkTraining.Settings;
import org.igcnet.train.RecordedRun;
import org.igcnet.train.TrainingCluster;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun.Outcome;

/** A cluster of Spark, to which this process is the driver. */
final class SparkCluster implements TrainingCluster {
  private final JavaSparkContext spark;
  private final Wanted wanted;
  private final Set<String> fetched = ConcurrentHashMap.newKeySet();
  private final Set<SparkTraining> running = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

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
    SparkConf conf = conf(wanted);
    try {
      return new SparkCluster(new JavaSparkContext(conf), wanted);
    } catch (Exception refused) { // Scala declares none
      throw new UserError(
          Kind.ACCESS,
          "Spark at %s cannot be used: %s".formatted(wanted.master(), Reason.of(refused)),
          refused);
    }
  }

  /** What is not said otherwise fits trainings that begin and end together. */
  static SparkConf conf(Wanted wanted) {
    SparkConf conf = new SparkConf().setMaster(wanted.master()).setAppName("igcnet");
    conf.set("spark.task.cpus", String.valueOf(wanted.threads()));
    conf.setIfMissing("spark.executor.cores", String.valueOf(wanted.threads()));
    conf.setIfMissing(
        "spark.cores.max",
        String.valueOf(wanted.trainings() * wanted.workers() * wanted.threads()));
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
    conf.setIfMissing("spark.executor.instances", String.valueOf(executors(wanted, conf)));
    return conf;
  }

  /** YARN and Kubernetes ask for no core in all, but for so many executors. */
  private static int executors(Wanted wanted, SparkConf conf) {
    int workers = wanted.trainings() * wanted.workers();
    int workersOfOne = conf.getInt("spark.executor.cores", 1) / wanted.threads();
    return Math.ceilDiv(workers, Math.max(1, workersOfOne));
  }

  /** An executor gets what this JVM was told about its memory and its compiler. */
  private static String ownOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:"))
        .collect(Collectors.joining(" "));
  }

  @Override
  public void fetch(Place place) {
    place.store().map(RunStore::new).ifPresent(store -> fetch(store, place.run()));
  }

  private void fetch(RunStore store, Path run) {
    fetched.add(store.folder());
    if (store.isEmpty()) {
      return;
    }
    if (!RecordedRun.isIn(run)) {
      store.fetch(run);
      return;
    }
    store.requireSame(run);
    if (store.epochs() >= RecordedRun.read(run).metrics().size()) {
      store.fetch(run);
    }
  }

  @Override
  public Outcome train(Place place, Optional<DataSpec> data, TrainingListener listener) {
    Settings usual = Settings.of(wanted.workers());
    Settings settings = data.map(moved -> usual.withData(moved.toString())).orElse(usual);
    return place
        .store()
        .map(store -> trainIn(new RunStore(store), place.run(), settings, listener))
        .orElseGet(() -> train(RunStore.local(place.run()), settings, listener));
  }

  private Outcome trainIn(RunStore store, Path run, Settings settings, TrainingListener listener) {
    requireOwn(store);
    store.begin(run).keep();
    Outcome outcome;
    try {
      outcome = train(store, settings, new ComingHome(store, run, listener));
    } catch (RuntimeException | Error ended) {
      ComingHome.tried(store, run).ifPresent(ended::addSuppressed);
      throw ended;
    }
    store.fetch(run);
    return outcome;
  }

  private Outcome train(RunStore store, Settings settings, TrainingListener listener) {
    SparkTraining training = SparkTraining.of(spark, store.folder(), settings);
    running.add(training);
    try {
      if (stopping) {
        training.stop();
      }
      return training.train(listener);
    } finally {
      running.remove(training);
    }
  }

  private void requireOwn(RunStore store) {
    if (!fetched.contains(store.folder()) && !store.isEmpty()) {
      throw new UserError(
          "%s is not empty; a run needs a new or empty folder".formatted(store.folder()));
    }
  }

  /**
   * Who asks may be the listener of one training, which holds it up until it returns; it must not
   * wait for another.
   */
  @Override
  public void stop() {
    stopping = true;
    running.forEach(training -> Thread.ofVirtual().name("stop").start(training::stop));
  }

  @Override
  public void close() {
    spark.close();
  }
}
