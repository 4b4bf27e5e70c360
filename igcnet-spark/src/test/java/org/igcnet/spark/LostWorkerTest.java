package org.igcnet.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.igcnet.spark.SparkTraining.Settings;
import org.igcnet.train.EpochMetrics;
import org.igcnet.train.TrainingListener;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers in processes of their own, one of which is killed or held up. The system property {@code
 * igcnet.spark.master} names a cluster on this machine, in place of one that Spark makes for it:
 * build/spark-standalone.
 */
@Timeout(400)
class LostWorkerTest {
  private static final int EPOCHS = 5;

  @TempDir private static Path shared;

  private static Path pictures;
  private static Path alone;
  private static JavaSparkContext spark;

  @TempDir private Path folder;

  @BeforeAll
  static void begin() {
    pictures = Runs.pictures(shared.resolve("pictures"));
    alone = Runs.trained(shared.resolve("alone"), pictures, EPOCHS);
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster(System.getProperty("igcnet.spark.master", "local-cluster[2,1,1024]"))
                .setAppName("lost workers")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.executor.memory", "1g")
                .set("spark.executor.cores", "1")
                .set("spark.executor.heartbeatInterval", "2s")
                .set("spark.network.timeoutInterval", "2s")
                .set("spark.network.timeout", "10s")
                .set("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
                .set("spark.executor.extraClassPath", System.getProperty("java.class.path")));
  }

  @AfterAll
  static void end() {
    spark.stop();
  }

  @Test
  void aKilledWorkerCostsNoBit() {
    requireBitsDespite("KILL", executors().subList(0, 1), "is gone", Settings.of(2));
  }

  @Test
  void workersWhoAreAllKilledCostNoBit() {
    requireBitsDespite("KILL", executors(), "is gone: ExecutorLostFailure", Settings.of(2));
  }

  @Tag("long")
  @Test
  void aWorkerThatIsHeldUpIsGivenUp() {
    requireBitsDespite(
        "STOP",
        executors().subList(0, 1),
        "waited",
        Settings.of(2).withPatience(Duration.ofSeconds(4)));
  }

  private void requireBitsDespite(
      String signal, List<Long> processes, String why, Settings settings) {
    Path run = Runs.begun(folder.resolve("run"), pictures, EPOCHS);
    Disturbing disturbing = new Disturbing(signal, processes);
    SparkTraining.of(spark, run.toUri().toString(), settings.withCheckpoints(Duration.ZERO))
        .train(disturbing);
    disturbing.release();
    assertThat(disturbing.lost).isNotEmpty().first().asString().contains(why);
    assertThat(Runs.weights(run)).isEqualTo(Runs.weights(alone));
    assertThat(Runs.figures(run)).isEqualTo(Runs.figures(alone));
  }

  /** The processes of both workers: each has one core, so each gets one of two tasks. */
  private static List<Long> executors() {
    Room.await(spark, 2, Duration.ofMinutes(1));
    return spark
        .parallelize(List.of(0, 1), 2)
        .map(_ -> ProcessHandle.current().pid())
        .distinct()
        .collect();
  }

  /** Sends a signal to some workers after the second epoch, once. */
  private static final class Disturbing implements TrainingListener {
    private final String signal;
    private final List<Long> processes;
    private final List<String> lost = new ArrayList<>();
    private boolean disturbed;

    Disturbing(String signal, List<Long> processes) {
      this.signal = signal;
      this.processes = processes;
    }

    @Override
    public void batch(BatchProgress progress) {}

    @Override
    public void epoch(EpochMetrics metrics, boolean best) {
      if (metrics.epoch() == 2 && !disturbed) {
        disturbed = true;
        send("STOP"); // so that none of them sees another end
        send(signal);
      }
    }

    @Override
    public void lost(String why) {
      lost.add(why);
    }

    /** A process that is held up cannot end. */
    void release() {
      send("KILL");
    }

    private void send(String name) {
      try {
        List<String> kill = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(process -> kill.add(String.valueOf(process)));
        new ProcessBuilder(kill).start().waitFor();
      } catch (java.io.IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
