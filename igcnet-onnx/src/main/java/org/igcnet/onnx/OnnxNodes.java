package org.igcnet.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;

/**
 * The nodes and tensors of a graph, one after the other. Every node has one output, which bears the
 * node's name; methods that add something return its name.
 */
final class OnnxNodes {
  private final GraphProto.Builder graph;

  OnnxNodes(GraphProto.Builder graph) {
    this.graph = graph;
  }

  String node(String operator, String name, List<String> inputs, AttributeProto... attributes) {
    return node(operator, name, inputs, Stream.of(attributes));
  }

  private String node(
      String operator, String name, List<String> inputs, Stream<AttributeProto> attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(name)
            .addAllAttribute(attributes.toList()));
    return name;
  }

  /**
   * A convolution.
   *
   * @param inputs the map, the weight, perhaps the bias
   */
  String convolution(GroupConvolution convolution, String name, List<String> inputs) {
    return node(
        "Conv",
        name,
        inputs,
        Stream.concat(
            Stream.of(attribute("group", (long) convolution.groups())),
            window(convolution.kernel(), convolution.stride())));
  }

  String maxPool(Kernel kernel, int stride, String name, List<String> inputs) {
    return node("MaxPool", name, inputs, window(kernel, stride));
  }

  private static Stream<AttributeProto> window(Kernel kernel, int stride) {
    int rows = kernel.padRows();
    int columns = kernel.padColumns();
    return Stream.of(
        list("kernel_shape", kernel.height(), kernel.width()),
        list("pads", rows, columns, rows, columns),
        list("strides", stride, stride));
  }

  String reshape(String name, String x, long... shape) {
    return node("Reshape", name, List.of(x, integers(name + ".shape", shape)));
  }

  /**
   * A permutation of channels, at any size of the map.
   *
   * @param source the channel that each one comes from
   */
  String gather(String name, String map, int channels, IntUnaryOperator source) {
    long[] sources = IntStream.range(0, channels).map(source).asLongStream().toArray();
    return node(
        "Gather", name, List.of(map, integers(name + ".channels", sources)), attribute("axis", 1L));
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static AttributeProto list(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(LongStream.of(values).boxed().toList())
        .build();
  }

  /**
   * A constant tensor.
   *
   * @param values holds its values from {@code from} on
   */
  String floats(String name, List<Integer> shape, float[] values, int from) {
    int size = shape.stream().reduce(1, Math::multiplyExact);
    ByteBuffer bytes = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, from, size);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(shape.stream().map(Integer::longValue).toList())
            .setRawData(ByteString.copyFrom(bytes)));
    return name;
  }

  /** One of the network's tensors, as the model has it. */
  void tensor(Parameter tensor, Weights weights) {
    floats(tensor.name(), tensor.shape(), weights.values(), weights.offset(tensor.name()));
  }

  /** A constant vector of whole numbers. */
  String integers(String name, long... values) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length)
            .addAllInt64Data(LongStream.of(values).boxed().toList()));
    return name;
  }
}
