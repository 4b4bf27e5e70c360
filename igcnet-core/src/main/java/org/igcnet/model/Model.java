package org.igcnet.model;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Compute;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Weights;
import org.igcnet.data.Dataset;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.data.TrainingData;

/**
 * A trained network with all that is needed to use it.
 *
 * @param architecture the network
 * @param classes the classes' names, one for each output
 * @param framing how a picture is cut and resized before the network sees it
 * @param normalization what is done to its values then
 * @param origin how it came to be
 * @param weights its tensors, running averages included; not copied
 */
public record Model(
    Architecture architecture,
    List<String> classes,
    Framing framing,
    Normalization normalization,
    Origin origin,
    Weights weights) {
  /**
   * Looks whether the parts fit each other.
   *
   * @throws IllegalArgumentException where the classes are not as many different names as the
   *     network has outputs, or the weights or the normalisation are those of another
   */
  public Model {
    classes = List.copyOf(classes);
    if (classes.size() != architecture.classes()
        || new HashSet<>(classes).size() != classes.size()) {
      throw new IllegalArgumentException(
          "%d classes need as many different names, not %s"
              .formatted(architecture.classes(), classes));
    }
    if (normalization.mean().size() != architecture.input().channels()) {
      throw new IllegalArgumentException(
          "%d channels cannot be normalised with %d means"
              .formatted(architecture.input().channels(), normalization.mean().size()));
    }
    if (!weights.parameters().equals(architecture.parameters())) {
      throw new IllegalArgumentException("the weights are not those of " + architecture);
    }
  }

  /** {@return what is known of the data that it was trained on} */
  public TrainingData trainingData() {
    return new TrainingData(
        origin.data(),
        Optional.empty(),
        classes,
        architecture.input(),
        normalization,
        origin.listing(),
        Optional.empty());
  }

  /**
   * Looks whether images are such as the network takes, and know its classes.
   *
   * @param dataset the images
   * @throws UserError where they are not
   */
  public void requireFitting(Dataset dataset) {
    if (!dataset.shape().equals(architecture.input())) {
      throw new UserError(
          Kind.DATA,
          "the model takes images of %s, those of the data are %s"
              .formatted(architecture.input(), dataset.shape()));
    }
    if (!dataset.classes().equals(classes)) {
      throw new UserError(
          Kind.DATA,
          "the model knows the classes %s, the data has %s".formatted(classes, dataset.classes()));
    }
  }

  /** {@return the same with weights of its own, which no training changes} */
  public Model copy() {
    return new Model(architecture, classes, framing, normalization, origin, weights.copy());
  }

  /**
   * {@return what predicts with these weights as they are now, to be closed; training them further
   * does not change it}
   *
   * @param capacity most images in a batch
   * @param compute what runs it
   */
  public InferenceSession inference(int capacity, Compute compute) {
    return compute.inference(architecture, weights, capacity);
  }
}
