package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Weights;
import org.igcnet.data.Augmentation;
import org.igcnet.model.CrossEntropy.Score;
import org.igcnet.model.Safetensors;
import org.igcnet.train.Checkpoint.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
  private static final Recipe RECIPE = Recipe.paper(false, 2, Augmentation.NONE, 0);
  private static final Origin ORIGIN = new Origin("0a", "0b");
  private static final Progress PROGRESS =
      new Progress(3, 17, new Score(1088, 1234.5678901234567, 400, 800), 1.25);

  @TempDir Path folder;
  private final Weights weights = Weights.of(Architecture.cifar("IGC-L4M2", 5, 3));
  private final Sgd sgd = new Sgd(weights, RECIPE);

  @Test
  void whatIsWrittenIsRestored() {
    Path file = written();
    Weights other = Weights.of(Architecture.cifar("IGC-L4M2", 5, 3));
    Sgd otherSgd = new Sgd(other, RECIPE);
    Checkpoint read = Checkpoint.read(file);
    read.fill(other, otherSgd);
    assertThat(read.progress()).isEqualTo(PROGRESS);
    assertThat(read.origin()).contains(ORIGIN);
    assertThat(other.values()).isEqualTo(weights.values());
    assertThat(otherSgd.velocity()).isEqualTo(sgd.velocity());
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
      Weights other = Weights.of(Architecture.cifar("IGC-L4M2", 5, 3));
      assertThatThrownBy(() -> Checkpoint.read(file).fill(other, new Sgd(other, RECIPE)))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(file.toString());
      assertThat(other.values()).containsOnly(0);
    }
    assertThat(weights.values()).isEqualTo(before);
  }

  @Test
  void theCheckpointOfAnotherNetworkIsRefused() {
    Path file = written();
    Weights other = Weights.of(Architecture.cifar("IGC-L4M3", 5, 3));
    assertThatThrownBy(() -> Checkpoint.read(file).fill(other, new Sgd(other, RECIPE)))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file
                + " does not fit the run it lies in: the tensor stem.conv.weight has the shape"
                + " [8, 3, 3, 3], the network's has [12, 3, 3, 3]");
  }

  @Test
  void valuesThatCannotBeAreRefusedByName() {
    Path file = written();
    sgd.velocity()[weights.offset("fc.bias")] = Float.NEGATIVE_INFINITY;
    Checkpoint.write(file, weights, sgd, PROGRESS, ORIGIN);
    Weights other = Weights.of(Architecture.cifar("IGC-L4M2", 5, 3));
    assertThatThrownBy(() -> Checkpoint.read(file).fill(other, new Sgd(other, RECIPE)))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageEndingWith(
            "the tensor velocity.fc.bias holds -Infinity, which is no finite number");
  }

  @Test
  void theCheckpointOfAnotherRunIsRefused() {
    Checkpoint read = Checkpoint.read(written());
    read.requireOrigin(ORIGIN);
    assertThatThrownBy(() -> read.requireOrigin(new Origin("0c", "0b")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "last.safetensors belongs to another run than the run.json beside it");
    assertThatThrownBy(() -> read.requireOrigin(new Origin("0a", "0c")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("last.safetensors belongs to other epochs than the metrics.jsonl");
  }

  @Test
  void aCheckpointOfALaterVersionIsRefusedByItsVersion() {
    Path file = folder.resolve("later.safetensors");
    new Safetensors(new TreeMap<>(Map.of("format", "igcnet-checkpoint-3")), List.of()).write(file);
    assertThatThrownBy(() -> Checkpoint.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(
            file
                + " has version 3 of the format \"igcnet-checkpoint\"; this program reads versions"
                + " 1 to 2; a newer igcnet wrote it");
  }

  private Path written() {
    Random random = new Random(1);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = random.nextFloat();
      weights.gradients()[i] = random.nextFloat();
    }
    Arrays.fill(sgd.velocity(), 0);
    sgd.step(0.1);
    Path file = folder.resolve("last.safetensors");
    Checkpoint.write(file, weights, sgd, PROGRESS, ORIGIN);
    return file;
  }
}
