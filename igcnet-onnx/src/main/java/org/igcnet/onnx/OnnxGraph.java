package org.igcnet.onnx;

import static org.igcnet.onnx.OnnxNodes.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import java.util.stream.IntStream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Graph;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Normalization;
import org.igcnet.model.Model;

/** A whole network with its weights, in inference, from its input to its output. */
final class OnnxGraph {
  static final String LOGITS = "logits";
  private static final String INPUT = "x";
  private static final String BATCH = "n";

  private final Model model;
  private final OnnxOptions options;

  OnnxGraph(Model model, OnnxOptions options) {
    this.model = model;
    this.options = options;
  }

  /** The number of float weights, known before any are made. */
  long weights() {
    return switch (options.form()) {
      case PAPER -> model.weights().values().length;
      case FAST -> FastPlan.of(Graph.of(architecture())).weights(architecture());
    };
  }

  private Architecture architecture() {
    return model.architecture();
  }

  /** The paper's form takes images of any size: no step of it knows how large a map is. */
  Port input() {
    ImageShape image = architecture().input();
    Port.Type type =
        switch (options.input()) {
          case FLOAT -> Port.Type.FLOAT;
          case BYTES -> Port.Type.UINT8;
        };
    boolean any = options.form() == OnnxOptions.Form.PAPER;
    return new Port(
        INPUT,
        type,
        List.of(
            BATCH,
            String.valueOf(image.channels()),
            any ? "rows" : String.valueOf(image.height()),
            any ? "columns" : String.valueOf(image.width())));
  }

  Port output() {
    return new Port(
        options.output().toString(),
        Port.Type.FLOAT,
        List.of(BATCH, String.valueOf(architecture().classes())));
  }

  GraphProto proto() {
    GraphProto.Builder graph = GraphProto.newBuilder();
    graph.setName(architecture().network().toString());
    OnnxNodes nodes = new OnnxNodes(graph);
    write(new Maps(nodes, image(nodes)));
    if (options.output() == OnnxOptions.Output.PROBABILITIES) {
      nodes.node("Softmax", output().name(), List.of(LOGITS), attribute("axis", 1L));
    }
    graph.addInput(input().proto());
    graph.addOutput(output().proto());
    return graph.build();
  }

  private void write(Maps maps) {
    Graph network = Graph.of(architecture());
    switch (options.form()) {
      case PAPER -> PaperForm.write(network, model.weights(), maps);
      case FAST ->
          FastForm.write(FastPlan.of(network), architecture().head(), model.weights(), maps);
    }
  }

  /** The value that is a normalised image. */
  private String image(OnnxNodes nodes) {
    if (options.input() == OnnxOptions.Input.FLOAT) {
      return INPUT;
    }
    String floats =
        nodes.node(
            "Cast",
            "x.float",
            List.of(INPUT),
            attribute("to", (long) TensorProto.DataType.FLOAT.getNumber()));
    Normalization normalization = model.normalization();
    String centred =
        nodes.node(
            "Sub", "x.centred", List.of(floats, channels(nodes, "mean", normalization.mean())));
    return nodes.node(
        "Div", "x.normalised", List.of(centred, channels(nodes, "std", normalization.deviation())));
  }

  /** A number for each channel. */
  private static String channels(OnnxNodes nodes, String name, List<Float> numbers) {
    float[] values = new float[numbers.size()];
    IntStream.range(0, values.length).forEach(channel -> values[channel] = numbers.get(channel));
    return nodes.floats(name, List.of(values.length, 1, 1), values, 0);
  }
}
