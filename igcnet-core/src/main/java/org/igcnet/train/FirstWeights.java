package org.igcnet.train;

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
 */
public record FirstWeights(String network, String data, String sha256) {
  /** What is to be told of a model. */
  static FirstWeights of(Model model) {
    return new FirstWeights(
        model.architecture().toString(), model.origin().data(), sha256(model.weights()));
  }

  private static String sha256(Weights weights) {
    return new Safetensors(new TreeMap<>(), StoredWeights.of(weights).tensors()).sha256();
  }
}
