package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fits into a heap runs in it, and what does not is refused before the first step. */
class MemoryIT {
  private Path folder;
  private Launcher launcher;

  @BeforeEach
  void folder(@TempDir Path parent) throws IOException {
    folder = parent.resolve("run");
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
  }

  /** Some batches of the first epoch, as the bar counts them, then the end by force. */
  private void trains(String heap, Object... arguments) throws Exception {
    Process process = launcher.with(Map.of("IGCNET_JAVA_OPTS", heap)).start(arguments);
    Path description = folder.resolve("run.json");
    while (process.isAlive() && !Files.exists(description)) {
      Thread.sleep(20);
    }
    // The run is written once all memory is taken; the first steps follow.
    boolean ended = process.waitFor(8, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    assertThat(ended).as("the training goes on within " + heap).isFalse();
    assertThat(folder.resolve("run.json")).exists();
  }

  @Test
  void depth20TrainsWithin400Megabytes() throws Exception {
    trains("-Xmx400m", "train", "IGC-L24M2", "--depth", 20, "--out", folder);
  }

  @Test
  void depth98TrainsWithin2Gigabytes() throws Exception {
    trains("-Xmx2g", "train", "IGC-L24M2+Ident", "--depth", 98, "--out", folder);
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeTheFirstStep() {
    Finished refused =
        launcher
            .with(Map.of("IGCNET_JAVA_OPTS", "-Xmx400m"))
            .run("train", "IGC-L24M2", "--depth", 98, "--out", folder);
    assertThat(refused.refusal())
        .contains("training IGC-L24M2, depth 98, 10 classes at batch 64 needs ")
        .contains(" MB of memory, and Java's heap has ")
        .containsPattern(
            " of its 400 MB left; a smaller --batch, or --size of pictures, needs less, and IGCNET_JAVA_OPTS=-Xmx[0-9]+m gives Java more");
    assertThat(folder).doesNotExist();
  }
}
