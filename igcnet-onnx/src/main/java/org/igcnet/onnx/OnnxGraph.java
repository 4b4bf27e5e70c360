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
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Block;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.Head;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.Kernel;
import org.igcnet.arch.LinearMap;
import org.igcnet.arch.LinearMap.BranchSum;
import org.igcnet.arch.LinearMap.Factor;
import org.igcnet.arch.LinearMap.Interleave;
import org.igcnet.arch.LinearMap.Rectify;
import org.igcnet.arch.Parameter;
import org.igcnet.arch.Parameter.Role;
import org.igcnet.arch.StemPool;
import org.igcnet.arch.SummedConvolution;
import org.igcnet.engine.Weights;

/**
 * A network's nodes and weights. Every node has one output, which bears the node's name; methods
 * that add nodes return the name of the value that they make.
 */
final class OnnxGraph {
  private static final String INPUT = "x";
  private static final String OUTPUT = "logits";

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  private OnnxGraph() {}

  /** The whole network with its weights, in inference. */
  static GraphProto of(Architecture architecture, Weights weights) {
    OnnxGraph onnx = new OnnxGraph();
    onnx.graph.setName(architecture.network().toString());
    weights.parameters().forEach(parameter -> onnx.weight(parameter, weights));
    String last = onnx.relu("stem", onnx.unit(architecture.stem(), INPUT));
    if (architecture.pool().isPresent()) {
      last = onnx.pool(last);
    }
    for (Block block : architecture.blocks()) {
      last = onnx.block(block, last);
    }
    onnx.head(last);
    ImageShape in = architecture.input();
    onnx.graph.addInput(value(INPUT, in.channels(), in.height(), in.width()));
    onnx.graph.addOutput(value(OUTPUT, architecture.classes()));
    return onnx.graph.build();
  }

  private String block(Block block, String x) {
    return switch (block) {
      case Block.Plain(ConvUnit unit) -> relu(unit.name(), unit(unit, x));
      case Block.Residual residual -> residual(residual, x);
    };
  }

  private String residual(Block.Residual block, String x) {
    ConvUnit second = block.second();
    String middle = relu(block.first().name(), unit(block.first(), x));
    String branch = unit(second, middle);
    String shortcut = block.projection().map(projection -> unit(projection, x)).orElse(x);
    String sum = node("Add", second.name() + ".sum", List.of(branch, shortcut));
    return relu(second.name(), sum);
  }

  private String unit(ConvUnit unit, String x) {
    return node(
        "BatchNormalization",
        unit.name() + ".bn",
        List.of(
            map(unit, x),
            unit.normName(Role.GAMMA),
            unit.normName(Role.BETA),
            unit.normName(Role.RUNNING_MEAN),
            unit.normName(Role.RUNNING_VARIANCE)),
        attribute("epsilon", ConvUnit.EPSILON));
  }

  private String map(ConvUnit unit, String x) {
    return unit.map() instanceof SummedConvolution summed
        ? summed(unit, summed, x)
        : product(unit, x);
  }

  private String product(ConvUnit unit, String x) {
    ImageShape shape = unit.input();
    List<LinearMap.Step> steps = unit.map().steps();
    for (int i = 0; i < steps.size(); i++) {
      String name = unit.stepName(i);
      switch (steps.get(i)) {
        case Factor factor -> {
          x = convolution(factor.convolution(), name, unit.weightName(factor), x);
          shape = factor.convolution().output(shape);
        }
        case Interleave(int rows, int columns) -> x = interleave(name, x, rows, columns, shape);
        case Rectify() -> x = node("Relu", name, List.of(x));
        case BranchSum _ -> throw new IllegalArgumentException(name + " sums no branches");
      }
    }
    return x;
  }

  /** Channel {@code r · columns + c} becomes channel {@code c · rows + r}. */
  private String interleave(String name, String x, int rows, int columns, ImageShape shape) {
    if (rows == 1 || columns == 1) {
      return x;
    }
    long height = shape.height();
    long width = shape.width();
    String split = reshape(name + ".split", x, 0, rows, columns, height, width);
    String swapped = node("Transpose", name + ".swap", List.of(split), list("perm", 0, 2, 1, 3, 4));
    return reshape(name + ".join", swapped, 0, (long) rows * columns, height, width);
  }

  /**
   * Equation 21: branches over the same input are one convolution with the sum of their kernels. A
   * runtime sums them when it loads the model, as they are constant.
   */
  private String summed(ConvUnit unit, SummedConvolution summed, String x) {
    GroupConvolution branch = summed.branch();
    Kernel kernel = branch.kernel();
    Factor factor = summed.factors().getFirst();
    String kernels =
        reshape(
            unit.name() + ".kernels",
            unit.weightName(factor),
            summed.branches(),
            branch.outputChannels(),
            branch.inputChannels(),
            kernel.height(),
            kernel.width());
    String sum =
        node(
            "ReduceSum",
            unit.name() + ".kernel",
            List.of(kernels, integers(unit.name() + ".kernel.axes", 0)),
            attribute("keepdims", 0L));
    return convolution(branch, unit.stepName(0), sum, x);
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

  private String pool(String x) {
    return node("MaxPool", StemPool.NAME, List.of(x), window(StemPool.KERNEL, StemPool.STRIDE));
  }

  private static Stream<AttributeProto> window(Kernel kernel, int stride) {
    int rows = kernel.padRows();
    int columns = kernel.padColumns();
    return Stream.of(
        list("kernel_shape", kernel.height(), kernel.width()),
        list("pads", rows, columns, rows, columns),
        list("strides", stride, stride));
  }

  private String relu(String unit, String x) {
    return node("Relu", unit + ".relu", List.of(x));
  }

  private void head(String x) {
    String pooled = node("GlobalAveragePool", "pool", List.of(x));
    String features = node("Flatten", "features", List.of(pooled), attribute("axis", 1L));
    node("Gemm", OUTPUT, List.of(features, Head.WEIGHT, Head.BIAS), attribute("transB", 1L));
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
