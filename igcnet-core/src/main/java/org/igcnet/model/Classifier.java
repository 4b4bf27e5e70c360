package org.igcnet.model;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.data.Picture;
import org.igcnet.loss.CrossEntropy;

/**
 * Says what pictures show. Not thread-safe; holds threads and memory until it is closed.
 *
 * <pre>{@code
 * try (Classifier classifier = Classifier.open(Path.of("runs/a"), threads)) {
 *   for (Classifier.Prediction prediction : classifier.classify(Path.of("cat.png")).predictions()) …
 * }
 * }</pre>
 */
public final class Classifier implements AutoCloseable {
  private final Model model;
  private final InferenceSession predictor;
  private final ImageBatch batch;
  private final float[] normalised;

  /**
   * One class and how probable it is.
   *
   * @param label the class's name
   * @param probability from 0 to 1; those of all classes sum to 1
   */
  public record Prediction(String label, double probability) {}

  /**
   * What one picture shows.
   *
   * @param file the picture
   * @param resizing how it was made to fit the network
   * @param predictions all classes, the most probable first
   */
  public record Classification(
      Path file, Picture.Resizing resizing, List<Prediction> predictions) {}

  private Classifier(Model model, int threads) {
    ImageShape shape = model.architecture().input();
    this.model = model;
    this.batch = new ImageBatch(shape, 1);
    this.normalised = new float[shape.size()];
    // Last, as it has threads.
    this.predictor = model.inference(1, Compute.threads(threads));
  }

  /**
   * Opens a model folder.
   *
   * @param folder a model folder, or a run folder
   * @param threads threads that compute
   * @return the classifier, to be closed
   * @throws UserError where it is none, or is damaged
   */
  public static Classifier open(Path folder, int threads) {
    return new Classifier(ModelFolder.read(folder), threads);
  }

  /**
   * Classifies a PNG, JPEG, BMP, GIF or lossless WebP file of any size, of which the network sees
   * as much as it was tested on.
   *
   * @param file the picture's file
   * @return the classes, the most probable first
   * @throws UserError where it is missing, damaged, too large or no picture
   */
  public Classification classify(Path file) {
    ImageShape shape = model.architecture().input();
    Picture picture = Picture.read(file, shape, model.framing());
    model.normalization().apply(picture.values(), shape, normalised);
    batch.begin(1);
    batch.put(0, normalised, 0);
    float[] logits = predictor.logits(batch);
    return new Classification(file, picture.resizing(), predictions(logits));
  }

  private List<Prediction> predictions(float[] logits) {
    double[] probabilities = CrossEntropy.probabilities(logits, model.classes().size());
    return IntStream.range(0, probabilities.length)
        .mapToObj(c -> new Prediction(model.classes().get(c), probabilities[c]))
        .sorted(Comparator.comparingDouble(Prediction::probability).reversed())
        .toList();
  }

  /** Stops the threads. */
  @Override
  public void close() {
    predictor.close();
  }
}
