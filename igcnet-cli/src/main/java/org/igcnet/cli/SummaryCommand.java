package org.igcnet.cli;

import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.theory.LayerCost;
import org.igcnet.theory.NetworkCost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code igcnet summary}: a network's layers, parameters and multiply-adds. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description = {
      "Show a network's layers, shapes, parameters and multiply-adds.",
      "Counted as in Table 3 of the paper: without batch normalisation; multiply-adds for one image."
    },
    footer = {"", "Example:", "  igcnet summary IGC-L24M2 --depth 20 --classes 10"})
final class SummaryCommand implements Runnable {
  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of classes (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  SummaryCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Architecture architecture = network.architecture(classes);
    NetworkCost cost = NetworkCost.of(architecture);
    if (json.wanted()) {
      console.json(Document.of(architecture, cost));
      return;
    }
    console.out().printf("%s, input %s%n%n", architecture, architecture.input());
    console.out().println(table(cost));
  }

  private static Table table(NetworkCost cost) {
    Table table =
        new Table(
            Table.Column.text("layer"),
            Table.Column.text("convolution"),
            Table.Column.number("partitions"),
            Table.Column.number("channels"),
            Table.Column.number("output"),
            Table.Column.number("parameters"),
            Table.Column.number("multiply-adds"));
    for (LayerCost layer : cost.layers()) {
      GroupConvolution convolution = layer.convolution();
      table.row(
          layer.name(),
          layer.biased() ? "final layer" : kernel(convolution),
          String.valueOf(convolution.groups()),
          convolution.inputChannels() + " → " + convolution.outputChannels(),
          layer.output().toString(),
          "%,d".formatted(layer.parameters()),
          "%,d".formatted(layer.multiplyAdds()));
    }
    return table
        .rule()
        .row(
            "total",
            "",
            "",
            "",
            "",
            "%,d".formatted(cost.parameters()),
            "%,d".formatted(cost.multiplyAdds()));
  }

  private static String kernel(GroupConvolution convolution) {
    return convolution.stride() == 1
        ? convolution.kernel().toString()
        : convolution.kernel() + ", stride " + convolution.stride();
  }

  /** What {@code --json} prints. */
  private record Document(
      String network,
      int depth,
      String body,
      int classes,
      List<Integer> input,
      long parameters,
      long multiplyAdds,
      List<Layer> layers) {
    static Document of(Architecture architecture, NetworkCost cost) {
      return new Document(
          architecture.network().toString(),
          architecture.depth(),
          architecture.body().id(),
          architecture.classes(),
          extents(architecture.input()),
          cost.parameters(),
          cost.multiplyAdds(),
          cost.layers().stream().map(Layer::of).toList());
    }
  }

  /** One layer with weights; shapes are channels, rows, columns. */
  private record Layer(
      String name,
      String kind,
      int partitions,
      List<Integer> kernel,
      int stride,
      List<Integer> input,
      List<Integer> output,
      long parameters,
      long multiplyAdds) {
    static Layer of(LayerCost cost) {
      GroupConvolution convolution = cost.convolution();
      return new Layer(
          cost.name(),
          cost.kind(),
          convolution.groups(),
          List.of(convolution.kernel().height(), convolution.kernel().width()),
          convolution.stride(),
          extents(cost.input()),
          extents(cost.output()),
          cost.parameters(),
          cost.multiplyAdds());
    }
  }

  private static List<Integer> extents(ImageShape shape) {
    return List.of(shape.channels(), shape.height(), shape.width());
  }
}
