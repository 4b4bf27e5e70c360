package org.igcnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HuggingFaceFolderTest {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(125.30691f, 122.95039f, 113.8654f), List.of(63f, 62.08871f, 66.7f));

  @TempDir Path parent;

  @Test
  void theWeightsComeBackToTheBit() {
    Model model = model("IGC-L4M2-se", 1);
    Path folder = parent.resolve("hf");
    HuggingFaceFolder.write(folder, model);
    try (ImportedWeights imported = ImportedWeights.open(folder.resolve("model.safetensors"))) {
      Model back =
          imported.model(
              model.architecture(),
              model.classes(),
              model.framing(),
              model.normalization(),
              imported.usualEpsilon());
      assertThat(back.weights().values()).isEqualTo(model.weights().values());
      assertThat(back.origin().recipe()).containsEntry("importedFrom", "model.safetensors");
    }
  }

  @Test
  void configHasLabelsAndEveryStep() throws IOException {
    Model model = model("IGC-L4M2-se", 1);
    HuggingFaceFolder.write(parent.resolve("hf"), model);
    JsonNode config = json("config.json");
    assertThat(config.get("id2label").toString())
        .isEqualTo("{\"0\":\"a cat\",\"1\":\"d`o\\ng\",\"2\":\"Vögel\"}");
    assertThat(config.get("label2id").get("Vögel").asInt()).isEqualTo(2);
    assertThat(config.get("num_labels").asInt()).isEqualTo(3);
    assertThat(config.get("image_size").toString()).isEqualTo("[32,32]");
    assertThat(config.get("layers")).hasSize(Layer.of(model.architecture()).size());
    assertThat(config.get("layers").get(0).get("kind").asString()).isEqualTo("convolution");
    assertThat(config.get("layers").get(1).get("epsilon").asDouble()).isEqualTo(2e-5);
  }

  @Test
  void normalisationComesBackToTheBit() throws IOException {
    HuggingFaceFolder.write(parent.resolve("hf"), model("IGC-L4M2", 1));
    JsonNode preprocessor = json("preprocessor_config.json");
    assertThat(preprocessor.get("crop_pct").asDouble()).isEqualTo(0.875);
    assertThat(preprocessor.get("interpolation").asString()).isEqualTo("bilinear");
    assertThat(preprocessor.get("resample").asInt()).isEqualTo(2);
    assertThat(
            Normalization.ofUnit(
                numbers(preprocessor.get("image_mean")), numbers(preprocessor.get("image_std"))))
        .isEqualTo(NORMALIZATION);
  }

  @Test
  void theCardBeginsWithYamlAndHoldsNoMarkupOfAUsersWords() throws IOException {
    HuggingFaceFolder.write(parent.resolve("hf"), model("IGC-L4M2", 1));
    assertThat(Files.readString(parent.resolve("hf/README.md")))
        .startsWith("---\nlibrary_name: pytorch\npipeline_tag: image-classification\n")
        .contains("`a cat`, `` d`o g ``, `Vögel`.")
        .contains("Trained for 7 epochs on `folder:x`", "87.50%");
  }

  @Test
  void anEarlierExportIsReplacedAndNothingElse() throws IOException {
    Path folder = parent.resolve("hf");
    HuggingFaceFolder.write(folder, model("IGC-L4M2", 1));
    byte[] first = Files.readAllBytes(folder.resolve("model.safetensors"));
    HuggingFaceFolder.write(folder, model("IGC-L4M2", 2));
    assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isNotEqualTo(first);
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrder(
              "README.md",
              "config.json",
              "model.safetensors",
              "modeling_igcnet.py",
              "preprocessor_config.json");
    }
    Path other = Files.createDirectory(parent.resolve("other"));
    Files.writeString(other.resolve("config.json"), "{}");
    assertThatThrownBy(() -> HuggingFaceFolder.write(other, model("IGC-L4M2", 1)))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("other is not empty; a new folder would be right");
    assertThat(Files.readString(other.resolve("config.json"))).isEqualTo("{}");
  }

  private JsonNode json(String file) throws IOException {
    return new JsonMapper().readTree(Files.readString(parent.resolve("hf").resolve(file)));
  }

  private static List<Double> numbers(JsonNode array) {
    return array.valueStream().map(JsonNode::asDouble).toList();
  }

  private static Model model(String name, long seed) {
    Weights weights = Weights.of(Architecture.cifar(name, 5, 3));
    Random random = new Random(seed);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = (float) Math.abs(random.nextGaussian());
    }
    return new Model(
        Architecture.cifar(name, 5, 3),
        List.of("a cat", "d`o\ng", "Vögel"),
        Framing.PHOTOGRAPH,
        NORMALIZATION,
        new Origin("folder:x", 7, 87.5, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }

  /** Killed before its first file was in its place, and after it. */
  @ParameterizedTest
  @ValueSource(strings = {"modeling_igcnet.py.new", "modeling_igcnet.py"})
  void anExportThatWasKilledIsDoneAgain(String left) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("hf"));
    Files.writeString(folder.resolve(left), "half");
    Files.writeString(folder.resolve("model.safetensors.new"), "half");
    HuggingFaceFolder.write(folder, model("IGC-L4M2", 1));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(5).noneMatch(file -> file.toString().endsWith(".new"));
    }
  }

  /** So that Python never meets a configuration beside another model's weights. */
  @Test
  void thereIsNoConfigurationBeforeAllElseIsInItsPlace() throws IOException {
    Path folder = parent.resolve("hf");
    HuggingFaceFolder.write(folder, model("IGC-L4M2", 1));
    Files.delete(folder.resolve("model.safetensors"));
    Files.createDirectories(folder.resolve("model.safetensors/in the way"));
    assertThatThrownBy(() -> HuggingFaceFolder.write(folder, model("IGC-L4M2", 2)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("model.safetensors cannot be written");
    assertThat(folder.resolve("config.json")).doesNotExist();
  }
}
