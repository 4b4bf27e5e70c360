package org.igcnet.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.GroupConvolution;
import org.igcnet.arch.ImageShape;
import org.igcnet.backend.Compute;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.MemoryPlan.Part;
import org.igcnet.backend.Precision;
import org.igcnet.data.DataSpec;
import org.igcnet.theory.Connections;
import org.igcnet.theory.LayerCost;
import org.igcnet.theory.NetworkCost;
import org.igcnet.theory.PaperTables;
import org.igcnet.theory.PaperTables.Printed;
import org.igcnet.train.Recipe;
import org.igcnet.train.TrainingRun;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code igcnet summary}: a network's layers, parameters, multiply-adds and memory. */
@Command(
    name = "summary",
    mixinStandardHelpOptions = true,
    description = {
      "Show a network's layers, shapes, parameters, multiply-adds, and the memory that it needs.",
      "Counted as in Table 3 of the paper: without batch normalisation; multiply-adds for one image.",
      "The composite kernel of a block is what its convolutions are together (equation 6): dense where each output channel is connected to each input channel, by so many paths."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} summary IGC-L24M2 --depth 20 --classes 10",
      "  ${ROOT-COMMAND-NAME} summary IGC-L100M2+Ident --body imagenet --classes 1000",
      "  ${ROOT-COMMAND-NAME} summary IGC-L6x4M2-relu"
    })
final class SummaryCommand implements Runnable {
  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Number of classes (default: ${DEFAULT-VALUE}).")
  private int classes;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Rows and columns of an image (default: 32; --body imagenet: 224).")
  private @Nullable Integer size;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images at a time, for the memory (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--precision",
      paramLabel = "KIND",
      description =
          "How training keeps feature maps, for the memory: float32 or bf16 (default: as train does).")
  private @Nullable Precision precision;

  @Mixin private final ComputeOptions compute = new ComputeOptions();
  @Mixin private final JsonOption json = new JsonOption();

  /** Parts of memory that are a smaller share than one in so many are not worth a word. */
  private static final int SMALL = 50;

  private final Console console;

  SummaryCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Architecture architecture = network.architecture(classes, input());
    NetworkCost cost = NetworkCost.of(architecture);
    Map<String, Connections> composites = Connections.ofBlocks(architecture);
    Optional<Printed> printed = PaperTables.printed(architecture);
    Memory memory = memory(architecture);
    if (json.wanted()) {
      console.json(SummaryDocument.of(architecture, cost, composites, printed, memory));
      return;
    }
    console.out().printf("%s, input %s%n%n", architecture, architecture.input());
    console.out().println(table(cost));
    console.out().println("\n" + table(composites));
    print(memory);
    printed.ifPresent(this::compare);
  }

  private Memory memory(Architecture architecture) {
    UsageMistake.inRange("--batch", batch, 1, Recipe.LARGEST_BATCH);
    Compute on = Compute.threads(compute.threads());
    Precision kept = precision == null ? on.engine().fastestPrecision() : precision;
    on.require(kept);
    MemoryPlan training = TrainingRun.memory(architecture, batch, batch, kept, on);
    MemoryPlan predicting =
        on.inferenceMemory(architecture)
            .plus("weights", MemoryPlan.floats(architecture.tensorValues()));
    return new Memory(
        batch,
        on.threads(),
        training.heap(),
        training.parts(),
        predicting.heap(),
        predicting.parts());
  }

  private void print(Memory memory) {
    console
        .out()
        .printf(
            "%nMemory, %s: training at batch %,d needs %s (%s); predicting needs %s (%s), for any number of images.%n",
            memory.threads() == 1 ? "1 thread" : memory.threads() + " threads",
            memory.batch(),
            MemoryPlan.text(memory.training()),
            text(memory.training(), memory.trainingParts()),
            MemoryPlan.text(memory.predicting()),
            text(memory.predicting(), memory.predictingParts()));
  }

  /** The parts that are worth a word. */
  private static String text(long whole, List<Part> parts) {
    return parts.stream()
        .filter(part -> part.bytes() >= whole / SMALL)
        .map(part -> part.what() + " " + MemoryPlan.text(part.bytes()))
        .collect(Collectors.joining(", "));
  }

  private ImageShape input() {
    ImageShape paper = network.body().orElse(Body.STAGES).paperInput();
    if (size == null) {
      return paper;
    }
    UsageMistake.inRange("--size", size, 1, DataSpec.LARGEST_SIZE);
    return new ImageShape(paper.channels(), size, size);
  }

  /** Ours beside the printed figures. */
  private void compare(Printed printed) {
    console
        .out()
        .printf(
            "%nTable %d of the paper: parameters ×10⁶ %s, ours %s",
            printed.table(), printed.parameters().paper(), printed.parameters().rounded());
    printed
        .multiplyAdds()
        .ifPresent(
            entry ->
                console
                    .out()
                    .printf(
                        "; multiply-adds ×10%s %s, ours %s",
                        printed.exponent() == 8 ? "⁸" : "⁹", entry.paper(), entry.rounded()));
    console.out().println();
    printed.note().ifPresent(console.out()::println);
  }

  private static Table table(Map<String, Connections> composites) {
    Table table =
        new Table(
            Table.Column.text("composite kernel"),
            Table.Column.text("extent"),
            Table.Column.number("channels"),
            Table.Column.text("dense"),
            Table.Column.number("paths"));
    composites.forEach(
        (name, connections) ->
            table.row(
                name,
                connections.kernel().toString(),
                connections.inputs() + " → " + connections.outputs(),
                connections.dense() ? "yes" : "no",
                connections.fewest() == connections.most()
                    ? String.valueOf(connections.most())
                    : connections.fewest() + " to " + connections.most()));
    return table;
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
  private record SummaryDocument(
      String network,
      int depth,
      String body,
      int classes,
      List<Integer> input,
      long parameters,
      long multiplyAdds,
      Memory memory,
      @Nullable Paper paper,
      List<UnitConnections> compositeKernels,
      List<LayerLine> layers) {
    static SummaryDocument of(
        Architecture architecture,
        NetworkCost cost,
        Map<String, Connections> composites,
        Optional<Printed> printed,
        Memory memory) {
      return new SummaryDocument(
          architecture.network().toString(),
          architecture.depth(),
          architecture.body().id(),
          architecture.classes(),
          extents(architecture.input()),
          cost.parameters(),
          cost.multiplyAdds(),
          memory,
          printed.map(Paper::of).orElse(null),
          composites.entrySet().stream()
              .map(entry -> UnitConnections.of(entry.getKey(), entry.getValue()))
              .toList(),
          cost.layers().stream().map(LayerLine::of).toList());
    }
  }

  /**
   * Heap that Java needs, in bytes.
   *
   * @param batch images at a time
   * @param threads that compute
   * @param trainingParts what training takes, without the program itself and room to move things
   * @param predicting that of predicting, for any number of images at a time
   * @param predictingParts what predicting takes
   */
  private record Memory(
      int batch,
      int threads,
      long training,
      List<Part> trainingParts,
      long predicting,
      List<Part> predictingParts) {}

  /**
   * What the paper prints of this network, parameters in millions; null what it does not print.
   *
   * @param exponent multiply-adds are in units of 10 to its power
   */
  private record Paper(
      int table,
      Entry parameters,
      int exponent,
      @Nullable Entry multiplyAdds,
      @Nullable String note) {
    static Paper of(Printed printed) {
      return new Paper(
          printed.table(),
          Entry.of(printed.parameters()),
          printed.exponent(),
          printed.multiplyAdds().map(Entry::of).orElse(null),
          printed.note().orElse(null));
    }
  }

  /** The composite kernel of the units from {@code name} on that have the same map. */
  private record UnitConnections(
      String name,
      List<Integer> kernel,
      int inputs,
      int outputs,
      boolean dense,
      long fewestPaths,
      long mostPaths) {
    static UnitConnections of(String name, Connections connections) {
      return new UnitConnections(
          name,
          List.of(connections.kernel().height(), connections.kernel().width()),
          connections.inputs(),
          connections.outputs(),
          connections.dense(),
          connections.fewest(),
          connections.most());
    }
  }

  /** One layer with weights; shapes are channels, rows, columns. */
  private record LayerLine(
      String name,
      String kind,
      int partitions,
      List<Integer> kernel,
      int stride,
      List<Integer> input,
      List<Integer> output,
      long parameters,
      long multiplyAdds) {
    static LayerLine of(LayerCost cost) {
      GroupConvolution convolution = cost.convolution();
      return new LayerLine(
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
