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
    requireBitsDespite("KILL", "is gone", Settings.of(2));
  }

  @Tag("long")
  @Test
  void aWorkerThatIsHeldUpIsGivenUp() {
    requireBitsDespite("STOP", "waited", Settings.of(2).withPatience(Duration.ofSeconds(4)));
  }

  private void requireBitsDespite(String signal, String why, Settings settings) {
    Path run = Runs.begun(folder.resolve("run"), pictures, EPOCHS);
    Disturbing disturbing = new Disturbing(signal, executor());
    SparkTraining.of(spark, run.toUri().toString(), settings.withCheckpoints(Duration.ZERO))
        .train(disturbing);
    disturbing.release();
    assertThat(disturbing.lost).isNotEmpty().first().asString().contains(why);
    assertThat(Runs.weights(run)).isEqualTo(Runs.weights(alone));
    assertThat(Runs.figures(run)).isEqualTo(Runs.figures(alone));
  }

  /** The process of a worker. */
  private static long executor() {
    return spark.parallelize(List.of(0), 1).map(_ -> ProcessHandle.current().pid()).first();
  }

  /** Sends a signal to one worker after the second epoch, once. */
  private static final class Disturbing implements TrainingListener {
    private final String signal;
    private final long executor;
    private final List<String> lost = new ArrayList<>();
    private final List<Long> disturbed = new ArrayList<>();

    Disturbing(String signal, long executor) {
      this.signal = signal;
      this.executor = executor;
    }

    @Override
    public void batch(BatchProgress progress) {}

    @Override
    public void epoch(EpochMetrics metrics, boolean best) {
      if (metrics.epoch() == 2 && disturbed.isEmpty()) {
        disturbed.add(executor);
        send(signal, executor);
      }
    }

    @Override
    public void lost(String why) {
      lost.add(why);
    }

    /** A process that is held up cannot end. */
    void release() {
      disturbed.forEach(executor -> send("KILL", executor));
    }

    private static void send(String signal, long process) {
      try {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process)).start().waitFor();
      } catch (java.io.IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
