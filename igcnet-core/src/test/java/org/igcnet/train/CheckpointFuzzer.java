package org.igcnet.train;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.igcnet.Hostile;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.State;
import org.igcnet.files.Safetensors;
import org.igcnet.files.Safetensors.Stored;
import org.igcnet.files.StoredWeights;
import org.igcnet.train.Checkpoint.Learned;

/**
 * What a checkpoint says of its progress: lines of {@code key=value}, with tensors that fit and a
 * checksum that is right. See {@link Hostile}.
 */
public final class CheckpointFuzzer {
  private static final State STATE = State.of(Architecture.cifar("IGC-L1M1", 5, 2));
  private static final List<Stored> TENSORS =
      Stream.concat(
              StoredWeights.of(STATE.weights()).tensors().stream(),
              new StoredWeights(STATE.weights(), STATE.velocity(), STATE.learned(), "velocity.")
                  .tensors().stream())
          .toList();

  private CheckpointFuzzer() {}

  public static void fuzzerTestOneInput(byte[] input) {
    SortedMap<String, String> metadata = new TreeMap<>();
    new String(input, StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> metadata.put(pair[0], pair[1]));
    metadata.remove("sha256");
    metadata.put("sha256", new Safetensors(metadata, TENSORS).sha256());
    Hostile.file(
        "last.safetensors",
        new byte[0],
        folder -> restore(folder.resolve("last.safetensors"), metadata));
  }

  private static void restore(Path file, SortedMap<String, String> metadata) {
    new Safetensors(metadata, TENSORS).write(file);
    Checkpoint.read(file).fill(new Learned(STATE, Optional.empty()));
  }
}
