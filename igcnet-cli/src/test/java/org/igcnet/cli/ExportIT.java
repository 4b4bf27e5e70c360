package org.igcnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.igcnet.arch.ImageShape;
import org.igcnet.data.Framing;
import org.igcnet.data.Picture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Trains on pictures, exports, and lets ONNX Runtime say what a picture shows. */
class ExportIT {
  @TempDir private Path parent;
  private Path run;
  private Path picture;
  private Launcher launcher;

  @BeforeEach
  void train() throws IOException {
    launcher = Launcher.in(Files.createDirectory(parent.resolve("work")));
    run = parent.resolve("run");
    Path data = pictures();
    picture = data.resolve("dark/0.png");
    launcher
        .run(
            "train",
            "IGC-L8M2",
            "--depth",
            5,
            "--epochs",
            1,
            "--batch",
            4,
            "--size",
            16,
            "--data",
            "folder:" + data,
            "--held-out",
            0.25,
            "--out",
            run)
        .succeeded();
  }

  /** Two classes of four pictures. */
  private Path pictures() throws IOException {
    Path data = parent.resolve("pictures");
    for (String name : new String[] {"dark", "light"}) {
      Path folder = Files.createDirectories(data.resolve(name));
      for (int i = 0; i < 4; i++) {
        BufferedImage image = new BufferedImage(40, 32, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 40 * 32; pixel++) {
          int shade = (name.equals("dark") ? 20 : 160) + pixel * (i + 3) % 64;
          image.setRGB(pixel % 40, pixel / 40, shade << 16 | shade << 8 | 2 * i + 90);
        }
        ImageIO.write(image, "png", folder.resolve(i + ".png").toFile());
      }
    }
    return data;
  }

  @Test
  void onnxRuntimeSaysOfAPictureWhatPredictSays() throws OrtException {
    JsonNode said = launcher.run("predict", run, picture, "--json").document().get(0);
    for (String form : new String[] {"fast", "paper"}) {
      Path file = parent.resolve(form + ".onnx");
      JsonNode written =
          launcher
              .run(
                  "export",
                  run,
                  "--onnx",
                  file,
                  "--form",
                  form,
                  "--input",
                  "bytes",
                  "--output",
                  "probabilities",
                  "--json")
              .json()
              .get("onnx");
      assertThat(written.get("file").asString()).isEqualTo(file.toString());
      assertThat(written.get("form").asString()).isEqualTo(form);
      assertThat(written.get("bytes").asLong()).isEqualTo(file.toFile().length());
      assertThat(written.get("input").get("type").asString()).isEqualTo("uint8");
      assertThat(written.get("output").get("name").asString()).isEqualTo("probabilities");
      float[] probabilities = probabilities(file);
      for (JsonNode prediction : said.get("predictions")) {
        int label = prediction.get("label").asString().equals("dark") ? 0 : 1;
        assertThat(probabilities[label])
            .isCloseTo(prediction.get("probability").floatValue(), Offset.offset(1e-5f));
      }
    }
  }

  /** Cuts and resizes as the metadata say. */
  private float[] probabilities(Path file) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString())) {
      Map<String, String> facts = session.getMetadata().getCustomMetadata();
      assertThat(facts.get("classes")).isEqualTo("[\"dark\",\"light\"]");
      int rows = Integer.parseInt(facts.get("rows"));
      int columns = Integer.parseInt(facts.get("columns"));
      double middle = Double.parseDouble(facts.get("middle"));
      Framing framing = new Framing(middle, Framing.Filter.ANTIALIASED_BILINEAR);
      ByteBuffer values =
          ByteBuffer.wrap(
              Picture.of(picture).fitted(new ImageShape(3, rows, columns), framing).values());
      long[] extents = {1, 3, rows, columns};
      try (OnnxTensor x =
              OnnxTensor.createTensor(environment, values, extents, OnnxJavaType.UINT8);
          OrtSession.Result result = session.run(Map.of("x", x))) {
        return ((float[][]) result.get("probabilities").orElseThrow().getValue())[0];
      }
    }
  }

  @Test
  void whatWasWrittenIsToldAndReplacesWhatWasThere() throws IOException {
    Path file = Files.writeString(parent.resolve("model.onnx"), "something else");
    assertThat(launcher.run("export", run, "--onnx", file).succeeded().out())
        .isEqualTo(
            """
            %s: IGC-L8M2, depth 5, 2 classes, fast form, %,d bytes
              input   x, float n × 3 × 16 × 16
              output  logits, float n × 2
            """
                .formatted(file, Files.size(file)));
    assertThat(parent).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aFolderForHuggingFaceComesBackAsTheSameModel() {
    Path folder = parent.resolve("hf");
    assertThat(launcher.run("export", run, "--hf", folder).succeeded().out())
        .isEqualTo(folder + ": IGC-L8M2, depth 5, 2 classes for Hugging Face and PyTorch\n");
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder(
            "README.md",
            "config.json",
            "model.safetensors",
            "modeling_igcnet.py",
            "preprocessor_config.json");
    JsonNode preparing =
        JsonMapper.shared().readTree(folder.resolve("preprocessor_config.json").toFile());
    Path back = parent.resolve("back");
    launcher
        .run(
            "import",
            folder.resolve("model.safetensors"),
            "--network=IGC-L8M2",
            "--depth=5",
            "--size=16",
            "--labels=dark,light",
            "--mean=" + values(preparing.get("image_mean")),
            "--std=" + values(preparing.get("image_std")),
            "--crop=" + preparing.get("crop_pct").asString(),
            "--out",
            back)
        .succeeded();
    assertThat(launcher.run("predict", back, picture, "--json").document())
        .isEqualTo(launcher.run("predict", run, picture, "--json").document());
  }

  @Test
  void labelsOfAnImportAreInAFileOfTheHomeFolderOrNamedOneByOne() throws IOException {
    Path weights = run.resolve("model.safetensors");
    String[] network = {"--network=IGC-L8M2", "--depth=5", "--size=16"};
    Finished unknown =
        launcher.run(
            "import", weights, network[0], network[1], network[2], "--labels=~/no.such", "--out=x");
    assertThat(unknown.refusal())
        .isEqualTo(
            "igcnet: %s does not exist"
                .formatted(Path.of(System.getProperty("user.home"), "no.such")));
    Finished empty =
        launcher.run(
            "import", weights, network[0], network[1], network[2], "--labels=dark,", "--out=x");
    assertThat(empty.refusal())
        .isEqualTo("igcnet: label 2 of --labels is empty; it would be the name of a class");
  }

  private static String values(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
  }

  @Test
  void whatCannotBeExportedIsRefusedInASentence() throws IOException {
    Path file = parent.resolve("model.onnx");
    Path nowhere = parent.resolve("nowhere");
    assertThat(launcher.run("export", nowhere, "--onnx", file).refusal())
        .endsWith(nowhere + " holds no trained model: model.json is missing");
    Finished misused = launcher.run("export", run, "--onnx", file, "--form", "small");
    assertThat(misused.code()).isEqualTo(2);
    assertThat(misused.err()).startsWith("igcnet: --form takes paper or fast, not \"small\"\n");
    assertThat(launcher.run("export", run).err())
        .startsWith("igcnet: export needs --onnx FILE or --hf DIR\n");
    assertThat(launcher.run("export", run, "--hf", nowhere, "--form", "paper").err())
        .startsWith("igcnet: --form, --input and --output are those of an ONNX file; say --onnx\n");
    Path weights = run.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);
    assertThat(launcher.run("export", run, "--onnx", file).refusal())
        .contains("describes other weights");
    assertThat(file).doesNotExist();
  }
}
