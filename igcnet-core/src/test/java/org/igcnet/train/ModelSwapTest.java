package org.igcnet.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.files.WholeFile;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.model.Origin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model is replaced by another in two moves while it is read, and the write of a third begins:
 * each of the three happens before any look that the reader takes at the files. In every order the
 * reader gets the first model or the second, whole.
 */
class ModelSwapTest {
  private static final Architecture NETWORK = Architecture.cifar("IGC-L4M2", 5, 3);

  /** More looks than a reader takes that has to begin again. */
  private static final int LOOKS = 18;

  @TempDir Path parent;

  @Test
  void aReaderThatMeetsASwapGetsAWholeModel() throws IOException {
    for (float value : new float[] {1, 2, 3}) {
      ModelFolder.write(parent.resolve("model" + (int) value), model(value));
    }
    int seconds = 0;
    int most = 0;
    for (int first = 1; first <= LOOKS; first++) {
      for (int second = first; second <= LOOKS; second++) {
        for (int third = second; third <= LOOKS; third++) {
          Swapped swapped = readDuring(List.of(first, second, third));
          seconds += swapped.model.origin().epochs() - 1;
          most = Math.max(most, swapped.looks);
        }
      }
    }
    assertThat(seconds).as("times that the second model was read").isPositive();
    assertThat(most).as("looks that a reader takes").isBetween(4, LOOKS);
  }

  private record Swapped(Model model, int looks) {}

  /** Reads the first model, and takes each step before the look with its number. */
  private Swapped readDuring(List<Integer> at) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("read"));
    Path description = folder.resolve(ModelFolder.DESCRIPTION);
    Path weights = folder.resolve(ModelFolder.WEIGHTS);
    for (Path file : List.of(description, weights)) {
      copy("model1", file, file);
      copy("model2", file, WholeFile.aside(file));
    }
    List<Runnable> steps =
        List.of(() -> commit(weights), () -> commit(description), () -> beginAnother(description));
    AtomicInteger looks = new AtomicInteger();
    List<Integer> taken = new ArrayList<>();
    FaultyFiles files =
        FaultyFiles.watched(
            () -> {
              int look = looks.incrementAndGet();
              for (int step = 0; step < steps.size(); step++) {
                if (at.get(step) == look) {
                  steps.get(step).run();
                  taken.add(step);
                }
              }
            });
    Model model = ModelFolder.read(files.at(folder));
    assertThat(taken).as("steps before the looks %s", at).isSorted();
    assertThat(model.origin().epochs()).isBetween(1, 2);
    assertThat(model.weights().values())
        .as("steps before the looks %s", at)
        .containsOnly(model.origin().epochs());
    return new Swapped(model, looks.get());
  }

  private void copy(String from, Path file, Path to) throws IOException {
    Files.copy(
        parent.resolve(from).resolve(file.getFileName()), to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void commit(Path file) {
    try {
      Files.move(
          WholeFile.aside(file),
          file,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Half of the third model's description stands beside its place. */
  private void beginAnother(Path description) {
    try {
      byte[] whole = Files.readAllBytes(parent.resolve("model3").resolve(ModelFolder.DESCRIPTION));
      Files.write(WholeFile.aside(description), Arrays.copyOf(whole, whole.length / 2));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All weights are one number, and so many epochs it was trained. */
  private static Model model(float value) {
    Weights weights = Weights.of(NETWORK);
    Arrays.fill(weights.values(), value);
    return new Model(
        NETWORK,
        List.of("cat", "dog", "owl"),
        Framing.WHOLE,
        new Normalization(List.of(1f, 2f, 3f), List.of(4f, 5f, 6f)),
        new Origin(
            "shapes", (int) value, 50, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }
}
