package org.igcnet.serve;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.igcnet.loss.CrossEntropy;

/** What can be asked of the network for each image, under these names in small letters. */
enum Output {
  /** As they come. */
  LOGITS("FP32"),
  /** Their softmax. */
  PROBABILITIES("FP32"),
  /** The name of the most probable class; of equals, the first. */
  LABEL("BYTES");

  private final String datatype;

  Output(String datatype) {
    this.datatype = datatype;
  }

  static Optional<Output> named(String name) {
    return Arrays.stream(values()).filter(output -> output.id().equals(name)).findFirst();
  }

  static String names() {
    return Arrays.stream(values()).map(Output::id).collect(Collectors.joining(", "));
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  String datatype() {
    return datatype;
  }

  /** For some images, the first number of a shape. */
  List<Integer> shape(int images, int classes) {
    return this == LABEL ? List.of(images) : List.of(images, classes);
  }

  /** The values for all images, one after the other. */
  List<?> data(List<float[]> logits, List<String> classes) {
    return switch (this) {
      case LOGITS -> logits.stream().flatMap(Output::boxed).toList();
      case PROBABILITIES ->
          logits.stream().map(Output::probabilities).flatMap(Output::boxed).toList();
      case LABEL -> logits.stream().map(image -> classes.get(best(image))).toList();
    };
  }

  private static Stream<Float> boxed(float[] values) {
    return IntStream.range(0, values.length).mapToObj(i -> values[i]);
  }

  private static float[] probabilities(float[] logits) {
    double[] exact = CrossEntropy.probabilities(logits, logits.length);
    float[] probabilities = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      probabilities[i] = (float) exact[i];
    }
    return probabilities;
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }
}
