package org.igcnet.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.Graph;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation;
import org.igcnet.arch.Operation.Add;
import org.igcnet.arch.Operation.AveragePool;
import org.igcnet.arch.Operation.BatchNorm;
import org.igcnet.arch.Operation.BranchSum;
import org.igcnet.arch.Operation.Convolution;
import org.igcnet.arch.Operation.Interleave;
import org.igcnet.arch.Operation.Linear;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.arch.Operation.Relu;
import org.igcnet.arch.Operation.Scale;
import org.igcnet.arch.Operation.Sigmoid;
import org.igcnet.arch.Parameter;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.backend.Weights;

/**
 * A network's nodes and weights. Every node has one output, which bears the node's name; methods
 * that add nodes return the name of the value that they make.
 */
final class OnnxGraph {
  private static final String INPUT = "x";
  private static final String OUTPUT = "logits";

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /** The name of the value that stands for each operation's output. */
  private final Map<String, String> values = new HashMap<>(Map.of(Graph.IMAGE, INPUT));

  private OnnxGraph() {}

  /** The whole network with its weights, in inference. */
  static GraphProto of(Architecture architecture, Weights weights) {
    OnnxGraph onnx = new OnnxGraph();
    onnx.graph.setName(architecture.network().toString());
    weights.parameters().forEach(parameter -> onnx.weight(parameter, weights));
    onnx.add(Graph.of(architecture));
    ImageShape in = architecture.input();
    onnx.graph.addInput(value(INPUT, in.channels(), in.height(), in.width()));
    onnx.graph.addOutput(value(OUTPUT, architecture.classes()));
    return onnx.graph.build();
  }

  private void add(Graph network) {
    Map<String, Operation> readers = network.lastReaders();
    for (Operation operation : network) {
      String value =
          operation instanceof Convolution branches
                  && readers.get(branches.name()) instanceof BranchSum sum
              ? summed(branches, sum)
              : added(operation);
      values.put(operation.name(), value);
    }
  }

  private String added(Operation operation) {
    String name = operation.name();
    List<String> inputs = operation.inputs().stream().map(this::valueOf).toList();
    return switch (operation) {
      case Convolution own -> convolution(own.convolution(), name, own.weight(), inputs.getFirst());
      case Interleave own -> interleave(own, inputs.getFirst());
      case BranchSum _ -> inputs.getFirst(); // its branches' kernels are summed
      case BatchNorm own -> norm(own, inputs.getFirst());
      case Relu _ -> node("Relu", name, inputs);
      case Sigmoid _ -> node("Sigmoid", name, inputs);
      case Scale _ -> node("Mul", name, inputs);
      case Add _ -> node("Add", name, inputs);
      case MaxPool own -> node("MaxPool", name, inputs, window(own.kernel(), own.stride()));
      case AveragePool _ -> node("GlobalAveragePool", name, inputs);
      case Linear _ -> linear(inputs.getFirst());
    };
  }

  private String valueOf(String operation) {
    return Objects.requireNonNull(values.get(operation), operation);
  }

  private String norm(BatchNorm norm, String x) {
    return node(
        "BatchNormalization",
        norm.name(),
        List.of(
            x,
            norm.tensor(Role.GAMMA),
            norm.tensor(Role.BETA),
            norm.tensor(Role.RUNNING_MEAN),
            norm.tensor(Role.RUNNING_VARIANCE)),
        attribute("epsilon", ConvUnit.EPSILON));
  }

  /** Channel {@code r · columns + c} becomes channel {@code c · rows + r}. */
  private String interleave(Interleave own, String x) {
    long rows = own.rows();
    long columns = own.columns();
    if (rows == 1 || columns == 1) {
      return x;
    }
    long height = own.output().height();
    long width = own.output().width();
    String split = reshape(own.name() + ".split", x, 0, rows, columns, height, width);
    String swapped =
        node("Transpose", own.name() + ".swap", List.of(split), list("perm", 0, 2, 1, 3, 4));
    return reshape(own.name() + ".join", swapped, 0, rows * columns, height, width);
  }

  /**
   * Equation 21: branches over the same input are one convolution with the sum of their kernels. A
   * runtime sums them when it loads the model, as they are constant.
   */
  private String summed(Convolution branches, BranchSum sum) {
    GroupConvolution all = branches.convolution();
    Kernel kernel = all.kernel();
    GroupConvolution branch =
        new GroupConvolution(all.inputChannels(), sum.output().channels(), 1, kernel, all.stride());
    String kernels =
        reshape(
            branches.unit() + ".kernels",
            branches.weight(),
            sum.branches(),
            branch.outputChannels(),
            branch.inputChannels(),
            kernel.height(),
            kernel.width());
    String summed =
        node(
            "ReduceSum",
            branches.unit() + ".kernel",
            List.of(kernels, integers(branches.unit() + ".kernel.axes", 0)),
            attribute("keepdims", 0L));
    return convolution(branch, branches.name(), summed, valueOf(branches.input()));
  }

  private String convolution(
      GroupConvolution convolution, String name, String weight, String input) {
    return node(
        "Conv",
        name,
        List.of(input, weight),
        Stream.concat(
            Stream.of(attribute("group", (long) convolution.groups())),
            window(convolution.kernel(), convolution.stride())));
  }

  private static Stream<AttributeProto> window(Kernel kernel, int stride) {
    int rows = kernel.padRows();
    int columns = kernel.padColumns();
    return Stream.of(
        list("kernel_shape", kernel.height(), kernel.width()),
        list("pads", rows, columns, rows, columns),
        list("strides", stride, stride));
  }

  private String linear(String pooled) {
    String features = node("Flatten", "features", List.of(pooled), attribute("axis", 1L));
    return node("Gemm", OUTPUT, List.of(features, Head.WEIGHT, Head.BIAS), attribute("transB", 1L));
  }

  private String reshape(String name, String x, long... shape) {
    return node("Reshape", name, List.of(x, integers(name + ".shape", shape)));
  }

  private String node(
      String operator, String name, List<String> inputs, AttributeProto... attributes) {
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

  private static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static AttributeProto attribute(String name, float value) {
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

  private void weight(Parameter parameter, Weights weights) {
    ByteBuffer bytes =
        ByteBuffer.allocate(parameter.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights.values(), weights.offset(parameter.name()), parameter.size());
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(parameter.name())
            .setDataType(TensorProto.DataType.FLOAT.getNumber())
            .addAllDims(parameter.shape().stream().map(Integer::longValue).toList())
            .setRawData(ByteString.copyFrom(bytes)));
  }

  /** A constant vector of whole numbers. */
  private String integers(String name, long... values) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64.getNumber())
            .addDims(values.length)
            .addAllInt64Data(LongStream.of(values).boxed().toList()));
    return name;
  }

  /** The type of an input or output: float, any number of images, then these extents. */
  private static ValueInfoProto value(String name, int... extents) {
    TensorShapeProto.Builder shape =
        TensorShapeProto.newBuilder().addDim(Dimension.newBuilder().setDimParam("n"));
    for (int extent : extents) {
      shape.addDim(Dimension.newBuilder().setDimValue(extent));
    }
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(TensorProto.DataType.FLOAT.getNumber())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
