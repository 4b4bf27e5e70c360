package org.igcnet.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.igcnet.Reason;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.backend.State;
import org.igcnet.backend.Weights;
import org.igcnet.files.FileFormat;
import org.igcnet.files.Safetensors;
import org.igcnet.files.Safetensors.Stored;
import org.igcnet.files.SafetensorsFile;
import org.igcnet.files.StoredWeights;
import org.igcnet.loss.CrossEntropy.Score;

/**
 * Everything that a training needs to go on as if it had never stopped, in one safetensors file:
 * the weights by name, running averages included; the velocities, {@value #VELOCITY} before the
 * name; where the recipe has one the running average of the weights, {@value #AVERAGE} before the
 * name, which versions 1 and 2 did not know; and in the metadata the progress, what the checkpoint
 * belongs to, and a SHA-256 over all the rest.
 *
 * @param file where it was read
 * @param progress how far the training was
 * @param siblings what it belongs to; version 1 did not say it
 */
record Checkpoint(Path file, Progress progress, Optional<Siblings> siblings) {
  private static final String VELOCITY = "velocity.";
  private static final String AVERAGE = "average.";
  private static final FileFormat FORMAT = new FileFormat("igcnet-checkpoint", 3);
  private static final String FORMAT_KEY = "format";
  private static final String DIGEST = "sha256";

  /**
   * The files that a checkpoint belongs to. Beside others it would lead to weights that no
   * uninterrupted training gets.
   *
   * @param run SHA-256 of the run's description
   * @param metrics SHA-256 of the metrics of the epochs that were done
   */
  record Siblings(String run, String metrics) {}

  /**
   * What is learned so far.
   *
   * @param state weights and velocities
   * @param average the running average of the weights, where the recipe has one
   */
  record Learned(State state, Optional<Weights> average) {
    private List<StoredWeights> stored() {
      Weights weights = state.weights();
      List<StoredWeights> stored = new ArrayList<>();
      stored.add(StoredWeights.of(weights));
      stored.add(new StoredWeights(weights, state.velocity(), state.learned(), VELOCITY));
      average.ifPresent(
          of -> stored.add(new StoredWeights(of, of.values(), of.parameters(), AVERAGE)));
      return stored;
    }
  }

  /** Writes the file whole or not at all. */
  static void write(Path file, Learned learned, Progress progress, Siblings siblings) {
    List<Stored> tensors =
        learned.stored().stream().flatMap(part -> part.tensors().stream()).toList();
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT_KEY, FORMAT.name() + "-" + FORMAT.version());
    metadata.put("run", siblings.run());
    metadata.put("metrics", siblings.metrics());
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
   * Reads what a file says, and its values once, to look whether they are whole.
   *
   * @throws UserError where it is missing, damaged, or of a later version
   */
  static Checkpoint read(Path file) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      SortedMap<String, String> metadata = stored.metadata();
      int version = version(file, metadata.getOrDefault(FORMAT_KEY, ""));
      if (!stored.sha256Without(DIGEST).equals(metadata.get(DIGEST))) {
        throw new UserError(
            Kind.DAMAGED,
            "%s is damaged: its SHA-256 is not the one that it was written with".formatted(file));
      }
      return new Checkpoint(
          file,
          progress(file, metadata),
          version == 1
              ? Optional.empty()
              : Optional.of(
                  new Siblings(text(file, metadata, "run"), text(file, metadata, "metrics"))));
    }
  }

  private static int version(Path file, String format) {
    String before = FORMAT.name() + "-";
    if (!format.startsWith(before)) {
      throw new UserError(
          Kind.DAMAGED, "%s is no checkpoint of the format %s".formatted(file, FORMAT.name()));
    }
    return FORMAT.version(file.toString(), format.substring(before.length()));
  }

  /**
   * Refuses a checkpoint that does not belong to the files beside it.
   *
   * @param earlier what the description's SHA-256 was before its epochs grew
   * @throws UserError where it says that it belongs to others
   */
  void requireSiblings(Siblings beside, List<String> earlier) {
    requireRun(beside.run(), earlier);
    if (siblings.isPresent() && !siblings.get().metrics().equals(beside.metrics())) {
      throw new UserError(
          Kind.DAMAGED,
          "%s belongs to other epochs than the %s beside it tells of; the run goes on with the two files as they were"
              .formatted(file, RunFolder.METRICS));
    }
  }

  /**
   * Refuses a checkpoint that does not belong to the run's description.
   *
   * @param run the SHA-256 of the description
   * @param earlier what that was before its epochs grew
   * @throws UserError where it says that it belongs to another
   */
  void requireRun(String run, List<String> earlier) {
    if (siblings.isPresent()
        && !siblings.get().run().equals(run)
        && !earlier.contains(siblings.get().run())) {
      throw new UserError(
          Kind.DAMAGED,
          "%s belongs to another run than the %s beside it, or that was changed since; the run goes on with the two files as they were"
              .formatted(file, RunFolder.RUN));
    }
  }

  /**
   * Fills what is learned from the file.
   *
   * @throws UserError where the checkpoint is of another network, and nothing is filled then; or
   *     where a value cannot be
   */
  void fill(Learned learned) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      StoredWeights.fill(stored, learned.stored());
    } catch (UserError e) {
      throw new UserError(
          Kind.DAMAGED, "%s does not fit the run it lies in: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static Progress progress(Path file, Map<String, String> metadata) {
    try {
      return new Progress(
          Integer.parseInt(text(file, metadata, "epoch")),
          Integer.parseInt(text(file, metadata, "batch")),
          new Score(
              Long.parseLong(text(file, metadata, "images")),
              Double.parseDouble(text(file, metadata, "loss")),
              Long.parseLong(text(file, metadata, "correct")),
              Long.parseLong(text(file, metadata, "correctTop5"))),
          Double.parseDouble(text(file, metadata, "seconds")));
    } catch (IllegalArgumentException e) {
      throw new UserError(Kind.DAMAGED, "%s is refused: %s".formatted(file, Reason.of(e)), e);
    }
  }

  private static String text(Path file, Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new UserError(Kind.DAMAGED, "%s does not say \"%s\"".formatted(file, key));
    }
    return text;
  }
}
