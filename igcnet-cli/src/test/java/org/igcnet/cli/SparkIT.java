package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code train --spark} and {@code reproduce --spark} with workers that are threads of one process.
 */
class SparkIT {
  private static final Object[] TRAINING = {
    "train", "IGC-L4M2", "--depth", 5, "--batch", 250, "--out"
  };

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
            "kind": "shapes", "title": "Shapes", "classes": 10, "pixels": 32,
            "recipe": {
              "epochs": 2, "rateSteps": [], "batchSize": 250, "learningRate": 0.1,
              "normImages": 250, "augmentation": "CROP_AND_MIRROR"
            }
          }
        ],
        "printed": [],
        "sizes": []
      }
      """;

  private Path parent;
  private Launcher launcher;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    parent = folder;
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
  }

  @Test
  void workersEndWithTheBitsOfOneProcess() throws IOException {
    Path alone = parent.resolve("alone");
    Path shared = parent.resolve("shared");
    launcher.run(with(TRAINING, alone, "--epochs", 1, "--bn-images", 125)).succeeded();
    Finished finished =
        launcher.run(with(TRAINING, shared, "--epochs", 1, "--spark", "local[2]")).succeeded();
    assertThat(finished.err()).isEmpty();
    assertThat(finished.out()).contains("seed 1, 2 workers of 1 threads");
    assertThat(shared.resolve("model.safetensors"))
        .hasSameBinaryContentAs(alone.resolve("model.safetensors"));
  }

  @Test
  void aRunGoesOnInAStoreAndComesHome() throws IOException {
    Path run = parent.resolve("run");
    String store = parent.resolve("store").toUri().toString();
    launcher
        .run(
            with(
                TRAINING,
                run,
                "--epochs",
                1,
                "--spark",
                "local[2]",
                "--workers",
                2,
                "--store",
                store))
        .succeeded();
    launcher
        .run(
            "train",
            "--resume",
            run,
            "--epochs",
            2,
            "--spark",
            "local[1]",
            "--workers",
            1,
            "--store",
            store)
        .succeeded();
    assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).hasSize(2);
    for (String file : new String[] {"run.json", "metrics.jsonl", "last.safetensors"}) {
      assertThat(parent.resolve("store").resolve(file)).hasSameBinaryContentAs(run.resolve(file));
    }
    Finished another =
        launcher.run(
            with(
                TRAINING,
                parent.resolve("b"),
                "--epochs",
                1,
                "--spark",
                "local[1]",
                "--workers",
                1,
                "--store",
                store));
    assertThat(another.code()).isEqualTo(1);
    assertThat(another.err()).contains("is not empty; a run needs a new or empty folder");
  }

  @Test
  void aKilledDriverIsFollowedByAnotherToTheSameBits() throws Exception {
    Path alone = parent.resolve("alone");
    Path killed = parent.resolve("killed");
    launcher.run(with(TRAINING, alone, "--epochs", 3, "--bn-images", 125)).succeeded();
    String store = parent.resolve("store").toUri().toString();
    Process driver =
        launcher.start(
            with(TRAINING, killed, "--epochs", 3, "--spark", "local[2]", "--store", store));
    while (driver.isAlive() && !Files.exists(parent.resolve("store/metrics.jsonl"))) {
      Thread.sleep(1);
    }
    driver.destroyForcibly().waitFor();
    assertThat(Files.readAllLines(parent.resolve("store/metrics.jsonl"))).hasSizeLessThan(3);
    launcher.run("train", "--resume", killed, "--spark", "local[2]", "--store", store).succeeded();
    for (String file : new String[] {"last.safetensors", "model.safetensors"}) {
      assertThat(killed.resolve(file)).hasSameBinaryContentAs(alone.resolve(file));
    }
  }

  @Test
  void eachWorkerHasATrainingOfAnExperiment() throws IOException {
    Path own = parent.resolve("question.json");
    Files.writeString(own, EXPERIMENT);
    Path alone = parent.resolve("alone");
    Path side = parent.resolve("side");
    String store = parent.resolve("store").toUri().toString();
    launcher.run(with(sweep(own), "--out", alone)).succeeded();
    Object[] onCluster = with(sweep(own), "--out", side, "--spark", "local[2]", "--store", store);
    Finished finished = launcher.run(onCluster).succeeded();
    assertThat(finished.err()).isEmpty();
    assertThat(finished.out()).contains("2 runs, 0 finished", "  2/2   IGC-L4M2, depth 5");
    for (String run : new String[] {"IGC-L4M2-d5-e1-s1", "IGC-L4M2-d5-e1-s2"}) {
      String model = "runs/shapes/" + run + "/model.safetensors";
      assertThat(side.resolve(model)).hasSameBinaryContentAs(alone.resolve(model));
    }
    assertThat(Files.readString(side.resolve("report.html"))).contains("IGC-L4M2");
    Path elsewhere = parent.resolve("elsewhere");
    Finished again =
        launcher
            .run(with(sweep(own), "--out", elsewhere, "--spark", "local[2]", "--store", store))
            .succeeded();
    assertThat(again.out()).contains("2 runs, 2 finished");
  }

  private static Object[] sweep(Path experiment) {
    return new Object[] {"reproduce", experiment, "--data", "shapes", "--epochs", 1, "--seeds", 2};
  }

  @Test
  void optionsOfAClusterNeedOne() {
    Finished finished = launcher.run(with(TRAINING, parent.resolve("a"), "--workers", 2));
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
