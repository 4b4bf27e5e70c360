package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --spark} with workers that are threads of one process. */
class SparkIT {
  private static final Object[] TRAINING = {
    "train", "IGC-L4M2", "--depth", 5, "--batch", 250, "--epochs", 1, "--out"
  };

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
    launcher.run(with(TRAINING, alone, "--bn-images", 125)).succeeded();
    Finished finished = launcher.run(with(TRAINING, shared, "--spark", "local[2]")).succeeded();
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
        .run(with(TRAINING, run, "--spark", "local[2]", "--workers", 2, "--store", store))
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
