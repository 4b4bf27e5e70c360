package org.igcnet.train;

import java.util.Optional;
import java.util.TreeMap;
import org.igcnet.backend.Weights;
import org.igcnet.files.Safetensors;
import org.igcnet.files.StoredWeights;
import org.igcnet.model.Model;

/**
 * Whose weights a training begins with.
 *
 * @param network of the model, with its depth and classes
 * @param data what the model learned from, as it was named
 * @param sha256 of the model's weights as a safetensors file without metadata, in hexadecimal
 * @param folder the model's, as the user named it; nothing where the model came from elsewhere, or
 *     an older version began the run
 * @param pretrained the name of a model that comes with the program; nothing for another one, and
 *     where an older version began the run
 */
public record FirstWeights(
    String network,
    String data,
    String sha256,
    Optional<String> folder,
    Optional<String> pretrained) {
  /** What is to be told of a model. */
  static FirstWeights of(FirstModel first) {
    Model model = first.model();
    return new FirstWeights(
        model.architecture().toString(),
        model.origin().data(),
        sha256(model.weights()),
        first.folder(),
        first.pretrained());
  }

  /** The same, found where the other is. */
  FirstWeights where(FirstWeights other) {
    return new FirstWeights(network, data, sha256, other.folder, other.pretrained);
  }

  private static String sha256(Weights weights) {
    return new Safetensors(new TreeMap<>(), StoredWeights.of(weights).tensors()).sha256();
  }
}
