package org.igcnet.spark;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.train.TrainingListener;
import org.igcnet.train.TrainingRun;
import org.jspecify.annotations.Nullable;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/** One barrier stage, seen from the driver: it ends with the training, or with a lost worker. */
final class Attempt {
  /** Workers that are gone have nothing more to tell after this time. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private static final Pattern TASK_FAILED = Pattern.compile("finished unsuccessfully\\.\\s*");

  private final JavaSparkContext spark;
  private final RunStore store;
  private final SparkTraining.Settings settings;
  private final TrainingListener listener;
  private final String group = "igcnet-" + UUID.randomUUID();
  private final List<Report> reports = new ArrayList<>();
  private @Nullable Throwable thrown;
  private @Nullable UserError refused;
  private @Nullable String lost;
  private @Nullable String gone;
  private @Nullable String stopped;
  private boolean kept;
  private boolean stopping;

  Attempt(
      JavaSparkContext spark,
      RunStore store,
      SparkTraining.Settings settings,
      TrainingListener listener) {
    this.spark = spark;
    this.store = store;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Trains.
   *
   * @return why it ended too early, if it did
   * @throws UserError where no attempt can come to an end
   * @throws TrainingRun.Stopped where it was asked to stop, and did
   */
  Optional<String> run() {
    Secret secret = Secret.drawn();
    try (Door door = door(secret)) {
      List<Thread> readers =
          IntStream.range(0, settings.workers())
              .mapToObj(rank -> Thread.ofVirtual().start(() -> listen(door, rank)))
              .toList();
      Optional<String> failed = job(plan(door, secret));
      end(readers);
      return result(failed);
    }
  }

  private Door door(Secret secret) {
    SparkConf conf = spark.getConf();
    String host = conf.get("spark.driver.host");
    return Door.open(conf.get("spark.driver.bindAddress", host), host, secret);
  }

  private Plan plan(Door door, Secret secret) {
    return new Plan(
        store,
        settings.data(),
        door.address(),
        secret,
        settings.patience(),
        settings.checkpoints());
  }

  /** Why Spark gave it up, if it did. */
  private Optional<String> job(Plan plan) {
    List<Integer> ranks = IntStream.range(0, settings.workers()).boxed().toList();
    ClassTag<Integer> integers = ClassTag$.MODULE$.apply(Integer.class);
    RDD<Integer> tasks = spark.parallelize(ranks, ranks.size()).rdd();
    spark.setJobGroup(group, "training in " + store.folder(), true);
    try {
      tasks.barrier().mapPartitions(new WorkerTask(plan), false, integers).collect();
      return Optional.empty();
    } catch (Exception failed) { // SparkException, which Scala does not declare
      return Optional.of(why(failed));
    } finally {
      spark.clearJobGroup();
    }
  }

  /** Of a barrier stage Spark says first that a task failed, and then why. */
  private static String why(Exception failed) {
    String[] parts = TASK_FAILED.split(String.valueOf(failed.getMessage()), 2);
    return parts[parts.length - 1]
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .orElseGet(() -> Reason.of(failed));
  }

  private synchronized Optional<String> result(Optional<String> failed) {
    switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> throw exception;
      case null, default -> {}
    }
    if (refused != null) {
      throw refused;
    }
    if (stopped != null) {
      throw new TrainingRun.Stopped(stopped);
    }
    return failed.map(this::named);
  }

  /** Spark's reason with the worker who was lost, where another worker or its connection told. */
  private String named(String reason) {
    if (lost != null) {
      return lost;
    }
    return gone == null ? reason : "%s is gone: %s".formatted(gone, reason);
  }

  private void listen(Door door, int rank) {
    String who = "worker %d of %d".formatted(rank + 1, settings.workers());
    try (SocketChannel channel = door.caller(rank, who, Duration.ofDays(1));
        Report report = Report.over(channel)) {
      welcome(report);
      for (Message message = report.hear(); message != null; message = report.hear()) {
        tell(message);
      }
      ended(who);
    } catch (UserError garbled) {
      end(garbled);
    } catch (LostConnection neverCame) {
      // Spark tells why.
    } catch (IOException closing) {
      // It is gone.
    }
  }

  private synchronized void welcome(Report report) {
    reports.add(report);
    if (stopping) {
      report.stop();
    }
  }

  /** The first who ends without a word is who was lost: others end after it. */
  private synchronized void ended(String who) {
    gone = gone == null ? who : gone;
  }

  /** What the listener throws ends the training. */
  private synchronized void tell(Message message) {
    if (thrown == null) {
      try {
        heard(message);
      } catch (RuntimeException | Error met) {
        end(met);
      }
    }
  }

  private synchronized void end(Throwable met) {
    if (thrown == null) {
      thrown = met;
      spark.cancelJobGroup(group);
    }
  }

  private void heard(Message message) {
    switch (message) {
      case Message.Batch(var progress) -> listener.batch(progress);
      case Message.Epoch(var metrics, boolean best) -> listener.epoch(metrics, best);
      case Message.Skipped(String sentence) -> listener.skipped(sentence);
      case Message.Kept() -> kept = true;
      case Message.Refused(var kind, String sentence) -> refused = new UserError(kind, sentence);
      case Message.Stopped(String sentence) -> stopped = sentence;
      case Message.Lost(String sentence) -> lost = lost == null ? sentence : lost;
    }
  }

  /** Hears what workers have still to tell, and waits for nobody who is gone. */
  private void end(List<Thread> readers) {
    try {
      for (Thread reader : readers) {
        if (!reader.join(LAST_WORDS)) {
          reader.interrupt();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      reports.forEach(Report::close);
    }
  }

  /** Whether a checkpoint was written. */
  synchronized boolean kept() {
    return kept;
  }

  /** Asks the workers to stop. */
  synchronized void stop() {
    stopping = true;
    reports.forEach(Report::stop);
  }
}
