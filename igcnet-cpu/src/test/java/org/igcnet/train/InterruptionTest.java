package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.backend.Compute;
import org.igcnet.backend.State;
import org.igcnet.data.Augmentation;
import org.igcnet.data.Splits;
import org.igcnet.data.StoredImages;
import org.igcnet.model.ModelFolder;
import org.igcnet.train.FaultyFiles.Fault;
import org.igcnet.train.FaultyFiles.Killed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small training, with a checkpoint after every step, that is killed or runs out of disk at each
 * operation on its files, and is killed again while it recovers. It always ends in the bytes of the
 * undisturbed one.
 *
 * <p>With {@code -Digcnet.proofs=true} everything is tried; without it a part, so that it takes
 * seconds.
 */
class InterruptionTest {
  private static final boolean ALL = Boolean.getBoolean("igcnet.proofs");

  private static final Splits DATA = new Splits("grey", new Greys(12), new Greys(6));
  private static final Architecture NETWORK =
      new Architecture(NetworkName.parse("IGC-L4M2"), Body.STAGES, 5, 3, DATA.train().shape());

  /** Two steps an epoch. */
  private static final Recipe RECIPE = Recipe.paper(true, 3, Augmentation.NONE, 5).withBatch(8, 8);

  private static final List<String> FILES =
      List.of("run.json", "last.safetensors", "model.json", "model.safetensors");

  @TempDir static Path whole;
  private static int operations;

  @TempDir Path folder;

  @BeforeAll
  static void trainWhole() {
    FaultyFiles files = FaultyFiles.sound();
    train(files.at(whole));
    operations = files.operations();
    assertThat(operations).isGreaterThan(50);
  }

  @Test
  void aKillAtAnyOperationLosesNothing() {
    tried(
        operations,
        ALL ? 1 : 3,
        at -> {
          Path run = folder.resolve("kill" + at);
          assertKilled(() -> train(FaultyFiles.failingAt(Fault.KILL, at).at(run)));
          train(run);
          assertWhole(run);
        });
  }

  @Test
  void aKillAndAnotherDuringTheRecoveryLoseNothing() {
    tried(
        operations,
        ALL ? 1 : 17,
        at ->
            tried(
                operations,
                ALL ? 7 : 11,
                again -> {
                  Path run = folder.resolve("kill%d-%d".formatted(at, again));
                  assertKilled(() -> train(FaultyFiles.failingAt(Fault.KILL, at).at(run)));
                  try {
                    train(FaultyFiles.failingAt(Fault.KILL, again).at(run));
                  } catch (Killed killed) {
                    readable(run);
                  }
                  train(run);
                  assertWhole(run);
                }));
  }

  @Test
  void aFullDiskAtAnyOperationIsOneSentenceAndLosesNothing() {
    tried(
        operations,
        ALL ? 1 : 3,
        at -> {
          Path run = folder.resolve("full" + at);
          assertThatThrownBy(() -> train(FaultyFiles.failingAt(Fault.FULL_DISK, at).at(run)))
              .as("operation %d", at)
              .isInstanceOf(UserError.class)
              .hasMessageContaining(" cannot be written: No space left on device")
              .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
          train(run);
          assertWhole(run);
        });
  }

  @Test
  void everyFlippedByteAndEveryTruncationIsRefused() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    for (String file : FILES) {
      Files.copy(whole.resolve(file), run.resolve(file));
    }
    assertDamageRefused(run.resolve("last.safetensors"), () -> restored(run));
    assertDamageRefused(run.resolve("model.safetensors"), () -> ModelFolder.read(run));
  }

  private static void assertDamageRefused(Path file, Runnable reading) throws IOException {
    byte[] sound = Files.readAllBytes(file);
    reading.run();
    tried(
        sound.length,
        ALL ? 1 : 97,
        at -> {
          byte[] flipped = sound.clone();
          flipped[at - 1] ^= (byte) (1 << at % 8);
          assertRefused(file, flipped, reading);
        });
    tried(
        sound.length,
        ALL ? 1 : 997,
        at -> assertRefused(file, Arrays.copyOf(sound, at - 1), reading));
    Files.write(file, sound);
  }

  private static void assertRefused(Path file, byte[] damaged, Runnable reading) {
    try {
      Files.write(file, damaged);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThatThrownBy(reading::run)
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.resolveSibling("").toString());
  }

  private static void restored(Path run) {
    Checkpoint.read(run.resolve("last.safetensors"))
        .fill(new Checkpoint.Learned(State.of(NETWORK), Optional.empty()));
  }

  /** Begins or goes on, to the end. */
  private static void train(Path run) {
    try (TrainingRun training =
        RecordedRun.isIn(run)
            ? TrainingRun.resume(run, DATA, 1)
            : TrainingRun.start(run, NETWORK, DATA, RECIPE, Compute.threads(1))) {
      training.run(TrainingListener.SILENT, Duration.ZERO);
    }
  }

  /** What a reader sees between two kills is whole. */
  private static void readable(Path run) {
    if (Files.exists(run.resolve("model.json"))) {
      ModelFolder.read(run);
    }
    if (RecordedRun.isIn(run)) {
      RecordedRun.read(run);
    }
  }

  private static void assertKilled(Runnable training) {
    assertThatThrownBy(training::run).isInstanceOf(Killed.class);
  }

  private static void assertWhole(Path run) {
    for (String file : FILES) {
      assertThat(run.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
    }
    assertThat(run.resolve("metrics.jsonl")).content().hasLineCount(3);
    assertThat(run.toFile().list())
        .containsExactlyInAnyOrder(
            ".lock",
            "run.json",
            "metrics.jsonl",
            "last.safetensors",
            "model.json",
            "model.safetensors");
  }

  /** From 1 to a last number, in strides. */
  private static void tried(int last, int stride, Consumer<Integer> each) {
    IntStream.iterate(1, at -> at <= last, at -> at + stride).forEach(each::accept);
  }

  /** Small pictures of three greys. */
  private record Greys(int size) implements StoredImages {
    @Override
    public ImageShape shape() {
      return new ImageShape(3, 8, 8);
    }

    @Override
    public List<String> classes() {
      return List.of("dark", "grey", "light");
    }

    @Override
    public int label(int index) {
      return index % 3;
    }

    @Override
    public void read(int index, byte[] values) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) (40 * (index % 3 + 1) + (i * 7 + index) % 13);
      }
    }
  }
}
