package org.igcnet.cli;

import java.nio.file.Path;
import java.util.List;
import org.igcnet.files.WholeFile;
import org.igcnet.model.HuggingFaceFolder;
import org.igcnet.model.Model;
import org.igcnet.onnx.OnnxExport;
import org.igcnet.onnx.OnnxOptions;
import org.igcnet.onnx.OnnxOptions.Form;
import org.igcnet.onnx.OnnxOptions.Input;
import org.igcnet.onnx.OnnxOptions.Output;
import org.igcnet.onnx.Port;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code igcnet export}: a trained network in a form that other programs read. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write a trained network for other programs: as an ONNX file, as a folder for Hugging Face and PyTorch, or both.",
      "Files are written whole or not at all; one that is there is replaced. Labels, normalisation and how pictures are cut and resized are in them."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} export runs/a --onnx model.onnx",
      "  ${ROOT-COMMAND-NAME} export runs/a --onnx model.onnx --input bytes --output probabilities",
      "  ${ROOT-COMMAND-NAME} export runs/a --onnx paper.onnx --form paper   any image size",
      "  ${ROOT-COMMAND-NAME} export runs/a --hf cats-and-dogs",
      "  ${ROOT-COMMAND-NAME} export --pretrained igc-l24m2-d8-cifar10 --onnx model.onnx"
    })
final class ExportCommand implements Runnable {
  @Mixin private final ModelOptions models = new ModelOptions();

  @Option(names = "--onnx", paramLabel = "FILE", description = "The ONNX file to write.")
  private @Nullable Path onnx;

  @Option(
      names = "--hf",
      paramLabel = "DIR",
      description =
          "The folder to write, new or an earlier one: weights, configuration, model card, and a Python file that runs them in PyTorch.")
  private @Nullable Path huggingFace;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      description =
          "Of the ONNX file. fast: batch norm, permutations and 1×1 convolutions folded for runtimes' fast kernels; paper: a node for each step of the paper, images of any size (default: fast).")
  private @Nullable Form form;

  @Option(
      names = "--input",
      paramLabel = "KIND",
      description =
          "Of the ONNX file. float: images that are normalised already; bytes: the graph normalises (default: float).")
  private @Nullable Input input;

  @Option(
      names = "--output",
      paramLabel = "KIND",
      description = "Of the ONNX file. logits, or probabilities: their softmax (default: logits).")
  private @Nullable Output output;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    OnnxOptions options = options();
    Model model = models.source().read();
    Written written = write(model, options);
    if (json.wanted()) {
      console.json(written);
    }
  }

  /** Tells of each when it is there, as both take their time. */
  private Written write(Model model, OnnxOptions options) {
    OnnxFile file = null;
    if (onnx != null) {
      OnnxExport export = OnnxExport.of(model, options);
      export.write(onnx);
      file = OnnxFile.of(onnx, options.form(), export);
      if (!WholeFile.isStream(onnx)) {
        tell(
            "%s: %s, %s form, %,d bytes%n  input   %s%n  output  %s"
                .formatted(
                    onnx,
                    model.architecture(),
                    options.form(),
                    export.size(),
                    export.input(),
                    export.output()));
      }
    }
    if (huggingFace != null) {
      HuggingFaceFolder.write(huggingFace, model);
      tell("%s: %s for Hugging Face and PyTorch".formatted(huggingFace, model.architecture()));
    }
    return new Written(file, huggingFace == null ? null : huggingFace.toString());
  }

  private void tell(String what) {
    if (!json.wanted()) {
      console.out().println(what);
    }
  }

  private OnnxOptions options() {
    if (onnx == null && huggingFace == null) {
      throw new UsageMistake("export needs --onnx FILE or --hf DIR");
    }
    if (onnx == null && (form != null || input != null || output != null)) {
      throw new UsageMistake("--form, --input and --output are those of an ONNX file; say --onnx");
    }
    return new OnnxOptions(
        form == null ? OnnxOptions.FAST.form() : form,
        input == null ? OnnxOptions.FAST.input() : input,
        output == null ? OnnxOptions.FAST.output() : output);
  }

  /**
   * What {@code --json} prints.
   *
   * @param huggingFace the folder
   */
  private record Written(@Nullable OnnxFile onnx, @Nullable String huggingFace) {}

  private record OnnxFile(String file, String form, long bytes, Tensor input, Tensor output) {
    static OnnxFile of(Path file, Form form, OnnxExport export) {
      return new OnnxFile(
          file.toString(),
          form.toString(),
          export.size(),
          Tensor.of(export.input()),
          Tensor.of(export.output()));
    }
  }

  /** Extents are numbers, or words where a program may choose. */
  private record Tensor(String name, String type, List<String> shape) {
    static Tensor of(Port port) {
      return new Tensor(port.name(), port.type().toString(), port.extents());
    }
  }
}
