package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code train --spark} and {@code reproduce --spark} with workers that are threads of one process.
 */
class SparkIT {
  private static final int EPOCHS = 20;

  private static final String EXPERIMENT =
      """
      {
        "format": "igcnet-experiment",
        "version": 1,
        "name": "question",
        "title": "How good is a small network?",
        "notes": [],
        "body": "stages",
        "depths": [5],
        "networks": [{"title": "", "names": ["IGC-L4M2"]}],
        "data": [
          {
            "kind": "folder", "title": "Pictures", "classes": 2, "pixels": 16,
            "recipe": {
              "epochs": 2, "rateSteps": [], "batchSize": 4, "learningRate": 0.1,
              "normImages": 4, "augmentation": "CROP_AND_MIRROR"
            }
          }
        ],
        "printed": [],
        "sizes": []
      }
      """;

  private Path parent;
  private Path stored;
  private String data;
  private Launcher launcher;

  /**
   * Starts Spark's classes from an archive that its first program leaves: half the time to start.
   */
  private Launcher cluster;

  @TempDir private static Path shared;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    parent = folder;
    stored = parent.resolve("store");
    data = "folder:%s,size=16,held-out=0.25:3".formatted(TwoClasses.in(parent));
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
    String archive =
        "-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=%s -Xlog:cds=off -Xlog:aot=off"
            .formatted(shared.resolve("spark.jsa"));
    cluster = launcher.with(Map.of("IGCNET_JAVA_OPTS", archive));
  }

  @Test
  void workersEndWithTheBitsOfOneProcess() throws IOException {
    Path alone = parent.resolve("alone");
    Path together = parent.resolve("together");
    launcher.run(training(alone, "--epochs", 1, "--bn-images", 2)).succeeded();
    Finished finished =
        cluster.run(training(together, "--epochs", 1, "--spark", "local[2]")).succeeded();
    assertThat(finished.err()).isEmpty();
    assertThat(finished.out()).contains("seed 1, 2 workers of 1 threads");
    assertThat(together.resolve("model.safetensors"))
        .hasSameBinaryContentAs(alone.resolve("model.safetensors"));
  }

  @Test
  void aRunGoesOnInAStoreAndComesHome() throws IOException {
    Path run = parent.resolve("run");
    Object[] begun = training(run, "--epochs", 1);
    cluster.run(with(begun, workers(2))).succeeded();
    Object[] resumed = {"train", "--resume", run, "--epochs", 2};
    cluster.run(with(resumed, workers(1))).succeeded();
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(2);
    for (String file : new String[] {"run.json", "metrics.jsonl", "last.safetensors"}) {
      assertThat(stored.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
    }
    Finished another = cluster.run(with(training(parent.resolve("b")), workers(1)));
    assertThat(another.code()).isEqualTo(1);
    assertThat(another.err()).contains("is not empty; a run needs a new or empty folder");
  }

  @Tag("long")
  @Test
  void aKilledDriverIsFollowedByAnotherToTheSameBits() throws Exception {
    Path alone = parent.resolve("alone");
    launcher.run(training(alone, "--epochs", EPOCHS, "--bn-images", 2)).succeeded();
    Path killed = parent.resolve("killed");
    Object[] training = training(killed, "--epochs", EPOCHS);
    Process driver = cluster.start(with(training, onSpark("local[2]")));
    while (driver.isAlive() && !Files.exists(stored.resolve("metrics.jsonl"))) {
      Thread.sleep(1);
    }
    driver.destroyForcibly().waitFor();
    assertThat(Files.readAllLines(stored.resolve("metrics.jsonl")))
        .as("killed before the last epoch")
        .hasSizeBetween(1, EPOCHS - 1);
    Object[] resumed = {"train", "--resume", killed};
    cluster.run(with(resumed, onSpark("local[2]"))).succeeded();
    for (String file : new String[] {"last.safetensors", "model.safetensors"}) {
      assertThat(killed.resolve(file)).hasSameBinaryContentAs(alone.resolve(file));
    }
  }

  private Object[] training(Path run, Object... more) {
    Object[] training = {
      "train", "IGC-L4M2", "--depth", 5, "--batch", 4, "--data", data, "--out", run
    };
    return with(training, more);
  }

  private Object[] workers(int number) {
    return with(onSpark("local[%d]".formatted(number)), "--workers", number);
  }

  private Object[] onSpark(String master) {
    return new Object[] {"--spark", master, "--store", stored.toUri()};
  }

  @Test
  void eachWorkerHasATrainingOfAnExperiment() throws IOException {
    Path own = parent.resolve("question.json");
    Files.writeString(own, EXPERIMENT);
    Path one = parent.resolve("one");
    Path side = parent.resolve("side");
    launcher.run(with(sweep(own), "--out", one)).succeeded();
    Object[] onCluster = with(sweep(own), onSpark("local[2]"));
    Finished finished = cluster.run(with(onCluster, "--out", side)).succeeded();
    assertThat(finished.err()).isEmpty();
    assertThat(finished.out()).contains("2 runs, 0 finished", "  2/2   IGC-L4M2, depth 5");
    for (String run : new String[] {"IGC-L4M2-d5-e1-s1", "IGC-L4M2-d5-e1-s2"}) {
      String model = "runs/folder/" + run + "/model.safetensors";
      assertThat(side.resolve(model)).hasSameBinaryContentAs(one.resolve(model));
    }
    assertThat(Files.readString(side.resolve("report.html"))).contains("IGC-L4M2");
    Path elsewhere = parent.resolve("elsewhere");
    Finished again = cluster.run(with(onCluster, "--out", elsewhere)).succeeded();
    assertThat(again.out()).contains("2 runs, 2 finished");
  }

  private Object[] sweep(Path experiment) {
    return new Object[] {"reproduce", experiment, "--data", data, "--epochs", 1, "--seeds", 2};
  }

  @Test
  void optionsOfAClusterNeedOne() {
    Finished finished = launcher.run(training(parent.resolve("a"), "--workers", 2));
    assertThat(finished.code()).isEqualTo(2);
    assertThat(finished.err())
        .startsWith(
            "igcnet: --workers, --worker-threads, --store and --spark-conf go with --spark MASTER");
  }

  private static Object[] with(Object[] first, Object... more) {
    Object[] all = new Object[first.length + more.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }
}
