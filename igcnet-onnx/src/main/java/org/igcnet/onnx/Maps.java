package org.igcnet.onnx;

import static org.igcnet.onnx.OnnxNodes.attribute;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.igcnet.arch.Graph;
import org.igcnet.arch.Head;
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

/** A network's maps as values of an ONNX graph, and the operations that all forms write alike. */
final class Maps {
  private final OnnxNodes nodes;

  /** The name of the value that stands for each map. */
  private final Map<String, String> values = new HashMap<>();

  /**
   * Of nothing but the network's input.
   *
   * @param image the value that it is
   */
  Maps(OnnxNodes nodes, String image) {
    this.nodes = nodes;
    values.put(Graph.IMAGE, image);
  }

  OnnxNodes nodes() {
    return nodes;
  }

  String value(String map) {
    return Objects.requireNonNull(values.get(map), map);
  }

  /** From here on a map is a value. */
  void put(String map, String value) {
    values.put(map, value);
  }

  /** Writes an operation that is no linear map's. */
  void write(Operation operation) {
    String name = operation.name();
    List<String> inputs = operation.inputs().stream().map(this::value).toList();
    String value =
        switch (operation) {
          case Relu _ -> nodes.node("Relu", name, inputs);
          case Sigmoid _ -> nodes.node("Sigmoid", name, inputs);
          case Scale _ -> nodes.node("Mul", name, inputs);
          case Add _ -> nodes.node("Add", name, inputs);
          case MaxPool own -> nodes.maxPool(own.kernel(), own.stride(), name, inputs);
          case AveragePool _ -> nodes.node("GlobalAveragePool", name, inputs);
          case Linear _ -> linear(inputs.getFirst());
          case Convolution _, Interleave _, BranchSum _, BatchNorm _ ->
              throw new IllegalArgumentException("forms differ in " + operation);
        };
    put(name, value);
  }

  private String linear(String pooled) {
    String features = nodes.node("Flatten", "features", List.of(pooled), attribute("axis", 1L));
    return nodes.node(
        "Gemm",
        OnnxGraph.LOGITS,
        List.of(features, Head.WEIGHT, Head.BIAS),
        attribute("transB", 1L));
  }
}
