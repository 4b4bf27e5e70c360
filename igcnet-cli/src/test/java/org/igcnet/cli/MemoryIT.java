package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;

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

  @Tag("long")
  @Test
  void depth20TrainsWithin400Megabytes() throws Exception {
    trains("-Xmx400m", "train", "IGC-L24M2", "--depth", 20, "--out", folder);
  }

  @Tag("long")
  @Test
  void depth98TrainsWithin2Gigabytes() throws Exception {
    trains("-Xmx2g", "train", "IGC-L24M2+Ident", "--depth", 98, "--out", folder);
  }

  /** Of weights alone there is more than of all else, and no picture is decoded. */
  @Test
  void theHeapThatIsAdvisedIsEnoughToTrainAndToSave() throws IOException {
    Path data = Files.createDirectory(folder.resolveSibling("svhn"));
    for (String name : new String[] {"train", "extra", "test"}) {
      digits(data.resolve(name + "_32x32.mat"));
    }
    Object[] training = {
      "train",
      "RegConv-W256",
      "--depth",
      5,
      "--batch",
      2,
      "--epochs",
      1,
      "--threads",
      1,
      "--data",
      "svhn:" + data,
      "--held-out",
      0.5,
      "--out",
      folder
    };
    Finished refused = launcher.with(Map.of("IGCNET_JAVA_OPTS", "-Xmx100m")).run(training);
    Matcher advised = Pattern.compile("IGCNET_JAVA_OPTS=(-Xmx[0-9]+m)").matcher(refused.refusal());
    assertThat(advised.find()).isTrue();

    launcher.with(Map.of("IGCNET_JAVA_OPTS", advised.group(1))).run(training).succeeded();

    assertThat(folder.resolve("last.safetensors")).isNotEmptyFile();
    assertThat(folder.resolve("model.safetensors")).isNotEmptyFile();
  }

  /** Two images of each of two digits. */
  private static void digits(Path file) throws IOException {
    MatFile mat = Mat5.newMatFile();
    Matrix labels = Mat5.newMatrix(4, 1, MatlabType.UInt8);
    for (int i = 0; i < 4; i++) {
      labels.setInt(i, i % 2 + 1);
    }
    mat.addArray("X", Mat5.newMatrix(new int[] {32, 32, 3, 4}, MatlabType.UInt8));
    mat.addArray("y", labels);
    Mat5.writeToFile(mat, file.toFile());
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
