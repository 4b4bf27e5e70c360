package org.igcnet.cli;

import java.nio.file.Path;
import java.util.List;
import org.igcnet.model.Model;
import org.igcnet.model.ModelFolder;
import org.igcnet.onnx.OnnxExport;
import org.igcnet.onnx.OnnxOptions;
import org.igcnet.onnx.OnnxOptions.Form;
import org.igcnet.onnx.OnnxOptions.Input;
import org.igcnet.onnx.OnnxOptions.Output;
import org.igcnet.onnx.Port;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code igcnet export}: a trained network in a form that other programs read. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Write a trained network for other programs, whole or not at all; a file that is there is replaced.",
      "Labels, normalisation and how pictures are cut and resized are in the file's metadata."
    },
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} export runs/a --onnx model.onnx",
      "  ${ROOT-COMMAND-NAME} export runs/a --onnx model.onnx --input bytes --output probabilities",
      "  ${ROOT-COMMAND-NAME} export runs/a --onnx paper.onnx --form paper   any image size"
    })
final class ExportCommand implements Runnable {
  @Parameters(paramLabel = "MODEL", description = "Model folder; a run folder is one.")
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Option(
      names = "--onnx",
      paramLabel = "FILE",
      required = true,
      description = "The ONNX file to write.")
  @SuppressWarnings("NullAway.Init")
  private Path onnx;

  @Option(
      names = "--form",
      paramLabel = "FORM",
      defaultValue = "fast",
      description =
          "fast: batch norm, permutations and 1×1 convolutions folded for runtimes' fast kernels; paper: a node for each step of the paper, images of any size (default: ${DEFAULT-VALUE}).")
  private Form form = Form.FAST;

  @Option(
      names = "--input",
      paramLabel = "KIND",
      defaultValue = "float",
      description =
          "float: images that are normalised already; bytes: the graph normalises (default: ${DEFAULT-VALUE}).")
  private Input input = Input.FLOAT;

  @Option(
      names = "--output",
      paramLabel = "KIND",
      defaultValue = "logits",
      description = "logits, or probabilities: their softmax (default: ${DEFAULT-VALUE}).")
  private Output output = Output.LOGITS;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Model model = ModelFolder.read(folder);
    OnnxExport export = OnnxExport.of(model, new OnnxOptions(form, input, output));
    export.write(onnx);
    Written written = Written.of(onnx, form, export);
    if (json.wanted()) {
      console.json(written);
    } else {
      console
          .out()
          .printf(
              "%s: %s, %s form, %,d bytes%n  input   %s%n  output  %s%n",
              onnx, model.architecture(), form, export.size(), export.input(), export.output());
    }
  }

  /** What {@code --json} prints. */
  private record Written(String file, String form, long bytes, Tensor input, Tensor output) {
    static Written of(Path file, Form form, OnnxExport export) {
      return new Written(
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
