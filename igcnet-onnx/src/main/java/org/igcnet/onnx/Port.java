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

  /** As a graph declares it. */
  ValueInfoProto proto() {
    TensorProto.DataType element =
        switch (type) {
          case FLOAT -> TensorProto.DataType.FLOAT;
          case UINT8 -> TensorProto.DataType.UINT8;
        };
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    extents.forEach(extent -> shape.addDim(dimension(extent)));
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(element.getNumber()).setShape(shape)))
        .build();
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
