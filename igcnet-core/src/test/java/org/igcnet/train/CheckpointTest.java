package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;
import org.igcnet.files.Safetensors;
import org.igcnet.loss.CrossEntropy.Score;
import org.igcnet.train.Checkpoint.Learned;
import org.igcnet.train.Checkpoint.Siblings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Siblings ORIGIN = new Siblings("0a", "0b");
  private static final Progress PROGRESS =
      new Progress(3, 17, new Score(1088, 1234.5678901234567, 400, 800), 1.25);

  @TempDir Path folder;
  private final State state = State.of(Architecture.cifar("IGC-L4M2", 5, 3));
  private final Weights weights = state.weights();

  @Test
  void whatIsWrittenIsRestored() {
    Path file = written();
    State other = State.of(Architecture.cifar("IGC-L4M2", 5, 3));
    Checkpoint read = Checkpoint.read(file);
    read.fill(learned(other));
    assertThat(read.progress()).isEqualTo(PROGRESS);
    assertThat(read.siblings()).contains(ORIGIN);
    assertThat(other.weights().values()).isEqualTo(weights.values());
    assertThat(other.velocity()).isEqualTo(state.velocity());
  }

  @Test
  void theSameStateMakesTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(written());
    assertThat(Files.readAllBytes(written())).isEqualTo(first);
  }

  @Test
  void everyDamageIsNoticedAndChangesNothing() throws IOException {
    Path file = written();
    byte[] bytes = Files.readAllBytes(file);
    float[] before = weights.values().clone();
    Random random = new Random(2);
    for (int i = 0; i < 200; i++) {
      byte[] damaged =
          i % 2 == 0 ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
      if (i % 2 == 0) {
        damaged[random.nextInt(i % 4 == 0 ? 2000 : bytes.length)] ^=
            (byte) (1 + random.nextInt(15));
      }
      Files.write(file, damaged);
      State other = State.of(Architecture.cifar("IGC-L4M2", 5, 3));
      assertThatThrownBy(() -> Checkpoint.read(file).fill(learned(other)))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(file.toString());
      assertThat(other.weights().values()).containsOnly(0);
    }
    assertThat(weights.values()).isEqualTo(before);
  }

  @Test
  void theCheckpointOfAnotherNetworkIsRefused() {
    Path file = written();
    State other = State.of(Architecture.cifar("IGC-L4M3", 5, 3));
    assertThatThrownBy(() -> Checkpoint.read(file).fill(learned(other)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file
                + " does not fit the run it lies in: the tensor stem.conv.weight has the shape"
                + " [8, 3, 3, 3], the network's has [12, 3, 3, 3]");
  }

  @Test
  void valuesThatCannotBeAreRefusedByName() {
    Path file = written();
    state.velocity()[weights.offset("fc.bias")] = Float.NEGATIVE_INFINITY;
    Checkpoint.write(file, learned(state), PROGRESS, ORIGIN);
    State other = State.of(Architecture.cifar("IGC-L4M2", 5, 3));
    assertThatThrownBy(() -> Checkpoint.read(file).fill(learned(other)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageEndingWith(
            "the tensor velocity.fc.bias holds -Infinity, which is no finite number");
  }

  @Test
  void theAverageOfTheWeightsIsRestored() {
    Weights average = Weights.of(Architecture.cifar("IGC-L4M2", 5, 3));
    Arrays.fill(average.values(), 0.5f);
    written();
    Path file = folder.resolve("averaged.safetensors");
    Checkpoint.write(file, new Learned(state, Optional.of(average)), PROGRESS, ORIGIN);
    State other = State.of(Architecture.cifar("IGC-L4M2", 5, 3));
    Weights read = Weights.of(Architecture.cifar("IGC-L4M2", 5, 3));
    Checkpoint.read(file).fill(new Learned(other, Optional.of(read)));
    assertThat(read.values()).isEqualTo(average.values());
    assertThat(other.weights().values()).isEqualTo(weights.values());
    assertThatThrownBy(() -> Checkpoint.read(file).fill(learned(other)))
        .as("a run without an average has no such checkpoint")
        .isInstanceOf(UserError.class)
        .hasMessageContaining("tensors, the network");
  }

  @Test
  void theCheckpointOfTheRunBeforeItsEpochsGrewIsItsOwn() {
    Checkpoint read = Checkpoint.read(written());
    read.requireSiblings(new Siblings("0c", "0b"), List.of("0d", "0a"));
    read.requireRun("0c", List.of("0a"));
    assertThatThrownBy(() -> read.requireRun("0c", List.of("0d"))).isInstanceOf(UserError.class);
  }

  @Test
  void theCheckpointOfAnotherRunIsRefused() {
    Checkpoint read = Checkpoint.read(written());
    read.requireSiblings(ORIGIN, List.of());
    assertThatThrownBy(() -> read.requireSiblings(new Siblings("0c", "0b"), List.of("0d")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "last.safetensors belongs to another run than the run.json beside it");
    assertThatThrownBy(() -> read.requireSiblings(new Siblings("0a", "0c"), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("last.safetensors belongs to other epochs than the metrics.jsonl");
  }

  @Test
  void aCheckpointOfALaterVersionIsRefusedByItsVersion() {
    Path file = folder.resolve("later.safetensors");
    new Safetensors(new TreeMap<>(Map.of("format", "igcnet-checkpoint-4")), List.of()).write(file);
    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file
                + " has version 4 of the format \"igcnet-checkpoint\"; this program reads versions"
                + " 1 to 3; a newer igcnet wrote it");
  }

  private static Learned learned(State state) {
    return new Learned(state, Optional.empty());
  }

  private Path written() {
    Random random = new Random(1);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = random.nextFloat();
    }
    for (Parameter parameter : state.learned()) {
      int at = weights.offset(parameter.name());
      for (int i = at; i < at + parameter.size(); i++) {
        state.velocity()[i] = random.nextFloat();
      }
    }
    Path file = folder.resolve("last.safetensors");
    Checkpoint.write(file, learned(state), PROGRESS, ORIGIN);
    return file;
  }
}
