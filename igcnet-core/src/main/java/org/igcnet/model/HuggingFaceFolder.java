package org.igcnet.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.files.JsonDocument;
import org.igcnet.files.WholeFile;

/**
 * A model as a folder of the kind that is shared on Hugging Face, to be used without this program:
 * {@value ModelFolder#WEIGHTS}, {@value #CONFIG} with the labels and the list of steps, {@value
 * #PREPROCESSOR}, a model card, and {@value #CODE}, which runs the steps in plain PyTorch.
 */
public final class HuggingFaceFolder {
  /** The name of the file that says what the network and its classes are. */
  public static final String CONFIG = "config.json";

  /** The name of the file that says how pictures become the network's input. */
  public static final String PREPROCESSOR = "preprocessor_config.json";

  /** The name of the Python file that runs the network. */
  public static final String CODE = "modeling_igcnet.py";

  private static final String CARD = "README.md";

  /** Pillow's number for its bilinear filter, which is antialiased where a picture shrinks. */
  private static final int BILINEAR = 2;

  private static final double LARGEST_BYTE = 255;

  /** Labels that the card tells; config.json has all. */
  private static final int TOLD = 10;

  private HuggingFaceFolder() {}

  /** The file {@value #CONFIG}. */
  private record Config(
      @JsonProperty("model_type") String modelType,
      List<String> architectures,
      String dtype,
      String network,
      String body,
      int depth,
      @JsonProperty("num_channels") int channels,
      @JsonProperty("image_size") List<Integer> imageSize,
      @JsonProperty("num_labels") int labels,
      @JsonProperty("id2label") Map<String, String> idToLabel,
      @JsonProperty("label2id") Map<String, Integer> labelToId,
      List<Layer> layers) {}

  /** The file {@value #PREPROCESSOR}, in the words of timm and transformers. */
  private record Preprocessor(
      @JsonProperty("do_resize") boolean resizes,
      Map<String, Integer> size,
      @JsonProperty("crop_pct") double middle,
      String interpolation,
      int resample,
      @JsonProperty("do_rescale") boolean rescales,
      @JsonProperty("rescale_factor") double factor,
      @JsonProperty("do_normalize") boolean normalises,
      @JsonProperty("image_mean") List<Double> mean,
      @JsonProperty("image_std") List<Double> deviation) {}

  /**
   * Writes a model. Every file is whole: none is in its place before all are written beside it. In
   * between the folder is without {@value #CONFIG}, so that nobody takes it for a model.
   *
   * @param folder made where it does not exist; an earlier export in it is replaced
   * @param model the model
   * @throws UserError where the folder holds anything else, or cannot be written
   */
  public static void write(Path folder, Model model) {
    Map<String, WholeFile.Content> files = files(model);
    requireOwn(folder);
    WholeFile.makeFolder(folder);
    files.forEach((name, content) -> WholeFile.prepare(folder.resolve(name), content));
    WholeFile.delete(folder.resolve(CONFIG));
    files.keySet().forEach(name -> WholeFile.commit(folder.resolve(name)));
  }

  /** An export, finished or not, or a folder that is empty or not there. */
  private static void requireOwn(Path folder) {
    Path code = folder.resolve(CODE);
    if (!Files.exists(code) && !Files.exists(WholeFile.aside(code))) {
      WholeFile.requireEmptyFolder(folder);
    }
  }

  /** In the order in which they are put in their places. */
  private static Map<String, WholeFile.Content> files(Model model) {
    Map<String, WholeFile.Content> files = new LinkedHashMap<>();
    files.put(CODE, HuggingFaceFolder::writeCode);
    files.put(ModelFolder.WEIGHTS, ModelFolder.stored(model.weights())::write);
    files.put(PREPROCESSOR, out -> out.write(JsonDocument.document(preprocessor(model))));
    files.put(CARD, out -> out.write(card(model).getBytes(StandardCharsets.UTF_8)));
    files.put(CONFIG, out -> out.write(JsonDocument.document(config(model))));
    return files;
  }

  private static void writeCode(OutputStream out) throws IOException {
    try (InputStream code = HuggingFaceFolder.class.getResourceAsStream(CODE)) {
      Objects.requireNonNull(code, CODE).transferTo(out);
    }
  }

  private static Config config(Model model) {
    Architecture network = model.architecture();
    ImageShape input = network.input();
    Map<String, String> idToLabel = new LinkedHashMap<>();
    Map<String, Integer> labelToId = new LinkedHashMap<>();
    for (int i = 0; i < model.classes().size(); i++) {
      idToLabel.put(String.valueOf(i), model.classes().get(i));
      labelToId.put(model.classes().get(i), i);
    }
    return new Config(
        "igcnet",
        List.of("IgcNet"),
        "float32",
        network.network().toString(),
        network.body().id(),
        network.depth(),
        input.channels(),
        List.of(input.height(), input.width()),
        network.classes(),
        idToLabel,
        labelToId,
        Layer.of(network));
  }

  private static Preprocessor preprocessor(Model model) {
    ImageShape input = model.architecture().input();
    Map<String, Integer> size = new LinkedHashMap<>();
    size.put("height", input.height());
    size.put("width", input.width());
    return new Preprocessor(
        true,
        size,
        model.framing().middle(),
        switch (model.framing().filter()) {
          case ANTIALIASED_BILINEAR -> "bilinear";
        },
        BILINEAR,
        true,
        1 / LARGEST_BYTE,
        true,
        model.normalization().unitMean(),
        model.normalization().unitDeviation());
  }

  private static String card(Model model) {
    Architecture network = model.architecture();
    ImageShape input = network.input();
    String classes =
        model.classes().stream()
            .limit(TOLD)
            .map(HuggingFaceFolder::code)
            .collect(Collectors.joining(", "));
    return """
        ---
        library_name: pytorch
        pipeline_tag: image-classification
        tags:
        - image-classification
        - igcnet
        ---
        # %s

        An interleaved group convolutional network (Zhang et al., ICCV 2017) of depth %d for images of %d×%d, in %d classes:
        %s%s.

        ```python
        from PIL import Image
        from modeling_igcnet import load

        net = load(".")
        p = net(net.prepare(Image.open("cat.png"))).softmax(1)[0]
        print(net.labels[p.argmax()], p.max().item())
        ```

        It needs PyTorch 2, safetensors and Pillow. `config.json` lists the steps of the network, each with the names of its
        tensors in `model.safetensors`; `modeling_igcnet.py` is all that runs them.

        %s
        """
        .formatted(
            network.network(),
            network.depth(),
            input.height(),
            input.width(),
            network.classes(),
            classes,
            model.classes().size() > TOLD ? " and others, which `config.json` has" : "",
            training(model.origin()));
  }

  private static String training(Origin training) {
    return training.epochs() == 0
        ? "How it was trained is not known here."
        : "Trained for %d epochs on %s; top-1 accuracy on what was kept from training: %.2f%%."
            .formatted(training.epochs(), code(training.data()), training.accuracy());
  }

  /** A user's word in a card, whatever it holds. */
  private static String code(String word) {
    String line = word.replaceAll("\\p{Cntrl}", " ");
    String fence =
        "`".repeat(1 + Stream.of(line.split("[^`]+")).mapToInt(String::length).max().orElse(0));
    String space = fence.length() > 1 ? " " : "";
    return fence + space + line + space + fence;
  }
}
