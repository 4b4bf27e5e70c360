package org.igcnet.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Locale;

/**
 * An input or output of an ONNX model.
 *
 * @param name by which a program hands it in, or asks for it
 * @param type of its values
 * @param extents as numbers, or as a word where a program may choose: {@code [n, 3, 32, 32]}
 */
public record Port(String name, Type type, List<String> extents) {
  /** ONNX's words for the axes of images. */
  private static final List<String> IMAGE_AXES =
      List.of("DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE");

  /** Copies the extents. */
  public Port {
    extents = List.copyOf(extents);
  }

  /** The type of a tensor's values. */
  public enum Type {
    /** 32 bits, as Java's. */
    FLOAT,
    /** Unsigned bytes. */
    UINT8;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As a graph declares it. Bytes are those of images. */
  ValueInfoProto proto() {
    TensorProto.DataType element =
        switch (type) {
          case FLOAT -> TensorProto.DataType.FLOAT;
          case UINT8 -> TensorProto.DataType.UINT8;
        };
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < extents.size(); axis++) {
      Dimension.Builder dimension = dimension(extents.get(axis));
      shape.addDim(image() ? dimension.setDenotation(IMAGE_AXES.get(axis)) : dimension);
    }
    TypeProto.Builder typed =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(element.getNumber()).setShape(shape));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(image() ? typed.setDenotation("IMAGE") : typed)
        .build();
  }

  private boolean image() {
    return type == Type.UINT8;
  }

  private static Dimension.Builder dimension(String extent) {
    return extent.chars().allMatch(Character::isDigit)
        ? Dimension.newBuilder().setDimValue(Long.parseLong(extent))
        : Dimension.newBuilder().setDimParam(extent);
  }

  /** For people: {@code x, float n × 3 × 32 × 32}. */
  @Override
  public String toString() {
    return "%s, %s %s".formatted(name, type, String.join(" × ", extents));
  }
}
