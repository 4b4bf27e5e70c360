package org.igcnet.serve;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Normalization;

/** How images can be given as tensors, under these names in small letters. */
enum Input {
  /** Channels × rows × columns of bytes, as a picture's file has them, red first. */
  IMAGE("UINT8"),
  /** The same with mean and deviation of the training's data taken out. */
  NORMALISED("FP32");

  private static final int MOST_BYTE = 255;

  private final String datatype;

  Input(String datatype) {
    this.datatype = datatype;
  }

  static Optional<Input> named(String name) {
    return Arrays.stream(values()).filter(input -> input.id().equals(name)).findFirst();
  }

  /** With their datatypes, for people. */
  static String names() {
    return Arrays.stream(values())
        .map(input -> "\"%s\" (%s)".formatted(input.id(), input.datatype))
        .collect(Collectors.joining(" or "));
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  String datatype() {
    return datatype;
  }

  static List<Integer> shape(int images, ImageShape shape) {
    return List.of(images, shape.channels(), shape.height(), shape.width());
  }

  /**
   * One image of a tensor as the network takes it.
   *
   * @throws Refusal where a value is none of the datatype
   */
  float[] normalised(float[] values, ImageShape shape, Normalization normalization) {
    if (this == NORMALISED) {
      return values;
    }
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int value = (int) values[i];
      if (value != values[i] || value < 0 || value > MOST_BYTE) {
        throw Refusal.badRequest(
            "%s is no UINT8; whole numbers from 0 to 255 are".formatted(values[i]));
      }
      bytes[i] = (byte) value;
    }
    return normalization.applied(bytes, shape);
  }
}
