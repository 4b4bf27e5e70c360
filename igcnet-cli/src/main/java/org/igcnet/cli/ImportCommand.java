package org.igcnet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.data.DataSpec;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.WholeFile;
import org.igcnet.model.ImportedWeights;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet import}: weights of PyTorch as a model folder. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Make a model of weights that PyTorch trained, a safetensors file.",
      "Its tensors are called as ours, or as torchvision's ResNet-18, which is ResNet-C64 of depth 18. What wrappers put before them (module., model.) and counters of batches (num_batches_tracked) are left away; F64, F16 and BF16 become 32-bit floats."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} import resnet18.safetensors --network ResNet-C64 --labels labels.txt --out resnet18",
      "  ${ROOT-COMMAND-NAME} import cifar.safetensors --network IGC-L24M2 --depth 20 --mean 0.49,0.48,0.45 --std 0.25,0.24,0.26 --out cifar"
    })
final class ImportCommand implements Runnable {
  /** Bytes of a file of labels: those of the most classes, each with a long name. */
  private static final long LARGEST_LABELS = 4L << 20;

  @Parameters(paramLabel = "WEIGHTS", description = "A safetensors file.")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "NETWORK",
      description = "As train and summary take it.")
  private String network = "";

  @Option(
      names = "--depth",
      paramLabel = "D",
      description = "Layers (default: 8; with the body imagenet 18).")
  private @Nullable Integer depth;

  @Option(
      names = "--body",
      paramLabel = "BODY",
      description =
          "stages, flat or imagenet (default: imagenet where the first convolution is 7×7, else stages).")
  private @Nullable String body;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "Rows and columns of an image (default: 32; with the body imagenet 224).")
  private @Nullable Integer size;

  @Option(
      names = "--labels",
      paramLabel = "LABELS",
      description =
          "The classes in the order of the outputs: a file with one on each line, or words with commas between (default: class 0, class 1, …).")
  private @Nullable String labels;

  @Option(
      names = "--mean",
      paramLabel = "R,G,B",
      split = ",",
      description =
          "Of each channel, in units of 0 to 1 as PyTorch takes it (default: 0.485,0.456,0.406, ImageNet's).")
  private @Nullable List<Double> mean;

  @Option(
      names = "--std",
      paramLabel = "R,G,B",
      split = ",",
      description =
          "Standard deviation of each channel, likewise (default: 0.229,0.224,0.225, ImageNet's).")
  private @Nullable List<Double> deviation;

  @Option(
      names = "--crop",
      paramLabel = "SHARE",
      description =
          "Of a picture's middle, in each direction; timm's crop_pct (default: 1; with the body imagenet 0.875).")
  private @Nullable Double crop;

  @Option(
      names = "--epsilon",
      paramLabel = "E",
      description =
          "What batch normalisation adds to a variance (default: 2e-5; with torchvision's names 1e-5).")
  private @Nullable Float epsilon;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The model folder, which is new or empty.")
  @SuppressWarnings("NullAway.Init")
  private Path out;

  private final Console console;

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Normalization normalization = normalization();
    WholeFile.requireEmptyFolder(out);
    try (ImportedWeights weights = ImportedWeights.open(file)) {
      Body of = body(weights);
      Architecture architecture = architecture(weights, of);
      Model model =
          weights.model(
              architecture,
              labels(architecture.classes()),
              framing(of),
              normalization,
              epsilon(weights));
      ModelFolder.write(out, model);
      print(model, weights);
    }
  }

  private Body body(ImportedWeights weights) {
    return Optional.ofNullable(body)
        .map(given -> UsageMistake.unless(() -> Body.parse(given)))
        .orElseGet(weights::body);
  }

  private Architecture architecture(ImportedWeights weights, Body of) {
    ImageShape usual = of.paperInput();
    int rows =
        size == null
            ? usual.height()
            : UsageMistake.inRange("--size", size, 1, DataSpec.LARGEST_SIZE);
    ImageShape input = new ImageShape(weights.channels(), rows, rows);
    return UsageMistake.unless(
        () ->
            Architecture.fitting(
                NetworkName.parse(network),
                Optional.of(of),
                NetworkOptions.number(depth),
                weights.classes(),
                input));
  }

  /** A file's lines, or the words of the option. */
  private List<String> labels(int classes) {
    if (labels == null) {
      return IntStream.range(0, classes).mapToObj(i -> "class " + i).toList();
    }
    Path list = HomePath.of(labels);
    List<String> names =
        Files.exists(list) || labels.indexOf(',') < 0
            ? JsonDocument.text(list, LARGEST_LABELS).lines().map(String::strip).toList()
            : Arrays.stream(labels.split(",", -1)).map(String::strip).toList();
    Object named = Files.exists(list) ? list : "--labels";
    if (names.size() != classes) {
      throw new UserError(
          "%s has %,d labels, the final layer %,d outputs".formatted(named, names.size(), classes));
    }
    int empty = names.indexOf("");
    if (empty >= 0) {
      throw new UserError(
          "label %,d of %s is empty; it would be the name of a class".formatted(empty + 1, named));
    }
    return names;
  }

  private Normalization normalization() {
    List<Double> means = mean;
    List<Double> deviations = deviation;
    if (means == null && deviations == null) {
      return Normalization.IMAGENET;
    }
    if (means == null || deviations == null) {
      throw new UsageMistake("--mean and --std go together");
    }
    return allowed(() -> Normalization.ofUnit(means, deviations));
  }

  private Framing framing(Body of) {
    Framing usual = of == Body.IMAGENET ? Framing.PHOTOGRAPH : Framing.WHOLE;
    Double share = crop;
    return share == null ? usual : allowed(() -> new Framing(share, usual.filter()));
  }

  private float epsilon(ImportedWeights weights) {
    if (epsilon == null) {
      return weights.usualEpsilon();
    }
    if (!(epsilon > 0 && epsilon < 1)) {
      throw new UsageMistake("--epsilon is %s; it must be above 0 and below 1".formatted(epsilon));
    }
    return epsilon;
  }

  private static <T> T allowed(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException wrong) {
      throw new UsageMistake(String.valueOf(wrong.getMessage()));
    }
  }

  /** What was made, with what nobody said. */
  private void print(Model model, ImportedWeights weights) {
    console
        .out()
        .printf(
            "%s, input %s: %,d tensors, named as %s, ε %s%n",
            model.architecture(),
            model.architecture().input(),
            weights.tensors(),
            switch (weights.names()) {
              case OURS -> "ours";
              case TORCHVISION -> "torchvision's";
            },
            epsilon(weights));
    console
        .out()
        .printf(
            "mean %s, deviation %s of 255; %s of a picture's middle; labels %s%n",
            numbers(model.normalization().mean()),
            numbers(model.normalization().deviation()),
            model.framing().middle(),
            model.classes().stream().limit(3).collect(Collectors.joining(", "))
                + (model.classes().size() > 3 ? ", …" : ""));
    console.out().printf("written to %s%n", out);
    console.out().printf("%n  %s%n", Hint.command("predict", out, "cat.png"));
  }

  private static String numbers(List<Float> values) {
    return values.stream().map("%.1f"::formatted).collect(Collectors.joining(" "));
  }
}
