package org.igcnet.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Parameter;
import org.igcnet.engine.Weights;
import org.igcnet.model.CrossEntropy.Score;
import org.igcnet.model.FileFormat;
import org.igcnet.model.Safetensors;
import org.igcnet.model.Safetensors.Stored;
import org.igcnet.model.StoredWeights;

/**
 * Everything that a training needs to go on as if it had never stopped, in one safetensors file:
 * the weights by name, running averages included; the velocities, {@value #VELOCITY} before the
 * name; and in the metadata the progress, what the checkpoint belongs to, and a SHA-256 over all
 * the rest.
 *
 * @param file where it was read
 * @param stored its tensors
 * @param progress how far the training was
 * @param origin what it belongs to; version 1 did not say it
 */
record Checkpoint(Path file, Safetensors stored, Progress progress, Optional<Origin> origin) {
  private static final String VELOCITY = "velocity.";
  private static final FileFormat FORMAT = new FileFormat("igcnet-checkpoint", 2);
  private static final String FORMAT_KEY = "format";
  private static final String DIGEST = "sha256";

  /**
   * The files that a checkpoint belongs to. Beside others it would lead to weights that no
   * uninterrupted training gets.
   *
   * @param run SHA-256 of the run's description
   * @param metrics SHA-256 of the metrics of the epochs that were done
   */
  record Origin(String run, String metrics) {}

  /** Writes the file whole or not at all. */
  static void write(Path file, Weights weights, Sgd sgd, Progress progress, Origin origin) {
    List<Stored> tensors =
        Stream.concat(
                StoredWeights.cut(weights, weights.values(), weights.parameters(), "").stream(),
                StoredWeights.cut(weights, sgd.velocity(), sgd.learned(), VELOCITY).stream())
            .toList();
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT_KEY, FORMAT.name() + "-" + FORMAT.version());
    metadata.put("run", origin.run());
    metadata.put("metrics", origin.metrics());
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
   * Reads a file.
   *
   * @throws UserError where it is missing, damaged, or of a later version
   */
  static Checkpoint read(Path file) {
    Safetensors stored = Safetensors.read(file);
    SortedMap<String, String> metadata = new TreeMap<>(stored.metadata());
    int version = version(file, metadata.getOrDefault(FORMAT_KEY, ""));
    requireSound(file, stored);
    try {
      return new Checkpoint(
          file,
          stored,
          progress(metadata),
          version == 1
              ? Optional.empty()
              : Optional.of(new Origin(text(metadata, "run"), text(metadata, "metrics"))));
    } catch (UserError | IllegalArgumentException e) {
      throw new UserError("%s is refused: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static int version(Path file, String format) {
    String before = FORMAT.name() + "-";
    if (!format.startsWith(before)) {
      throw new UserError("%s is no checkpoint of the format %s".formatted(file, FORMAT.name()));
    }
    return FORMAT.version(file.toString(), format.substring(before.length()));
  }

  private static void requireSound(Path file, Safetensors stored) {
    SortedMap<String, String> metadata = new TreeMap<>(stored.metadata());
    String digest = metadata.remove(DIGEST);
    if (!new Safetensors(metadata, stored.tensors()).sha256().equals(digest)) {
      throw new UserError(
          "%s is damaged: its SHA-256 is not the one that it was written with".formatted(file));
    }
  }

  /**
   * Refuses a checkpoint that does not belong to the files beside it.
   *
   * @throws UserError where it says that it belongs to others
   */
  void requireOrigin(Origin beside) {
    if (origin.isPresent() && !origin.get().run().equals(beside.run())) {
      throw new UserError(
          "%s belongs to another run than the %s beside it, or that was changed since; the run goes on with the two files as they were"
              .formatted(file, RunFolder.RUN));
    }
    if (origin.isPresent() && !origin.get().metrics().equals(beside.metrics())) {
      throw new UserError(
          "%s belongs to other epochs than the %s beside it tells of; the run goes on with the two files as they were"
              .formatted(file, RunFolder.METRICS));
    }
  }

  /**
   * Fills weights and velocities.
   *
   * @throws UserError where the checkpoint is of another network; nothing is filled then
   */
  void fill(Weights weights, Sgd sgd) {
    try {
      Map<String, Stored> tensors = stored.byName();
      List<Parameter> parameters = weights.parameters();
      StoredWeights.requireFit(parameters, "", tensors);
      StoredWeights.requireFit(sgd.learned(), VELOCITY, tensors);
      StoredWeights.join(weights, weights.values(), parameters, "", tensors);
      StoredWeights.join(weights, sgd.velocity(), sgd.learned(), VELOCITY, tensors);
    } catch (UserError e) {
      throw new UserError(
          "%s does not fit the run it lies in: %s".formatted(file, e.getMessage()), e);
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
