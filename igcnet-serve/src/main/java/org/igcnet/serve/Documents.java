package org.igcnet.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.model.Labels;

/** The JSON documents that are answered. */
final class Documents {
  /** A dimension that may be any number. */
  private static final int ANY = -1;

  private Documents() {}

  /** What the service is. */
  record ServerCard(String name, String version, List<String> extensions) {}

  record Live(boolean live) {}

  record Ready(boolean ready) {}

  record ModelReady(String name, boolean ready) {}

  /** What the model takes and gives. */
  record ModelCard(
      String name, String platform, List<TensorCard> inputs, List<TensorCard> outputs) {
    static ModelCard of(String name, Architecture architecture) {
      return new ModelCard(
          name,
          "igcnet",
          Arrays.stream(Input.values())
              .map(
                  input ->
                      new TensorCard(
                          input.id(), input.datatype(), Input.shape(ANY, architecture.input())))
              .toList(),
          Arrays.stream(Output.values())
              .map(
                  output ->
                      new TensorCard(
                          output.id(),
                          output.datatype(),
                          output.shape(ANY, architecture.classes())))
              .toList());
    }
  }

  record TensorCard(String name, String datatype, List<Integer> shape) {}

  /** The answer to an {@link InferRequest}. */
  record Inferred(
      @JsonProperty("model_name") String modelName,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> id,
      List<Tensor> outputs) {
    static Inferred of(
        String model, InferRequest request, List<float[]> logits, List<String> classes) {
      Stream<Tensor> tensors =
          request.outputs().stream()
              .map(
                  output ->
                      new Tensor(
                          output.id(),
                          output.datatype(),
                          output.shape(logits.size(), classes.size()),
                          output.data(logits, classes)));
      return new Inferred(model, request.id(), tensors.toList());
    }
  }

  record Tensor(String name, String datatype, List<Integer> shape, List<?> data) {}

  /** What a picture shows, in the words of {@code predict --json}. */
  record Shown(String resized, List<Prediction> predictions) {
    static Shown of(Labels labels, int top) {
      return new Shown(
          labels.resizing().toString(),
          labels.top(top).stream()
              .map(label -> new Prediction(label.name(), label.probability()))
              .toList());
    }
  }

  record Prediction(String label, double probability) {}
}
