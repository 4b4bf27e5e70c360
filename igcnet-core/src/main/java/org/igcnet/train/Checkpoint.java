package org.igcnet.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Parameter;
import org.igcnet.engine.Weights;
import org.igcnet.model.CrossEntropy.Score;
import org.igcnet.model.Safetensors;
import org.igcnet.model.Safetensors.Stored;
import org.igcnet.model.StoredWeights;

/**
 * Everything that a training needs to go on as if it had never stopped, in one safetensors file:
 * the weights by name, running averages included; the velocities, {@value #VELOCITY} before the
 * name; and in the metadata the progress and a SHA-256 over all the rest.
 */
final class Checkpoint {
  private static final String VELOCITY = "velocity.";
  private static final String FORMAT = "igcnet-checkpoint-1";
  private static final String DIGEST = "sha256";

  private Checkpoint() {}

  /** Writes the file whole or not at all. */
  static void write(Path file, Weights weights, Sgd sgd, Progress progress) {
    List<Stored> tensors =
        Stream.concat(
                StoredWeights.cut(weights, weights.values(), weights.parameters(), "").stream(),
                StoredWeights.cut(weights, sgd.velocity(), sgd.learned(), VELOCITY).stream())
            .toList();
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    metadata.put("epoch", String.valueOf(progress.epoch()));
    metadata.put("batch", String.valueOf(progress.batch()));
    metadata.put("images", String.valueOf(progress.score().images()));
    metadata.put("loss", String.valueOf(progress.score().loss()));
    metadata.put("correct", String.valueOf(progress.score().correct()));
    metadata.put("correctTop5", String.valueOf(progress.score().correctTop5()));
    metadata.put("seconds", String.valueOf(progress.seconds()));
    metadata.put(DIGEST, new Safetensors(metadata, tensors).sha256());
    new Safetensors(metadata, tensors).write(file);
  }

  /**
   * Fills weights and velocities from a file.
   *
   * @throws UserError where the file is missing, damaged, or of another network; nothing is filled
   *     then
   */
  static Progress restore(Path file, Weights weights, Sgd sgd) {
    Safetensors stored = Safetensors.read(file);
    requireSound(file, stored);
    try {
      Map<String, Stored> tensors = stored.byName();
      List<Parameter> parameters = weights.parameters();
      StoredWeights.requireFit(parameters, "", tensors);
      StoredWeights.requireFit(sgd.learned(), VELOCITY, tensors);
      Progress progress = progress(stored.metadata());
      StoredWeights.join(weights, weights.values(), parameters, "", tensors);
      StoredWeights.join(weights, sgd.velocity(), sgd.learned(), VELOCITY, tensors);
      return progress;
    } catch (UserError | IllegalArgumentException e) {
      throw new UserError(
          "%s does not fit the run it lies in: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void requireSound(Path file, Safetensors stored) {
    SortedMap<String, String> metadata = new TreeMap<>(stored.metadata());
    String digest = metadata.remove(DIGEST);
    if (!FORMAT.equals(metadata.get("format"))) {
      throw new UserError("%s is no checkpoint of the format %s".formatted(file, FORMAT));
    }
    if (!new Safetensors(metadata, stored.tensors()).sha256().equals(digest)) {
      throw new UserError(
          "%s is damaged: its SHA-256 is not the one that it was written with".formatted(file));
    }
  }

  private static Progress progress(Map<String, String> metadata) {
    return new Progress(
        Integer.parseInt(text(metadata, "epoch")),
        Integer.parseInt(text(metadata, "batch")),
        new Score(
            Long.parseLong(text(metadata, "images")),
            Double.parseDouble(text(metadata, "loss")),
            Long.parseLong(text(metadata, "correct")),
            Long.parseLong(text(metadata, "correctTop5"))),
        Double.parseDouble(text(metadata, "seconds")));
  }

  private static String text(Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new UserError("it does not say \"%s\"".formatted(key));
    }
    return text;
  }
}
