package org.igcnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.files.Safetensors;
import org.igcnet.files.Sha256;
import org.igcnet.files.WholeFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "IGC-L4M2, 5",
    "IGC-L4M2+Ident, 8",
    "RegConv-W4, 5",
    "RegConv-W4+Ident, 8",
    "SumFusion-L2M3, 5",
    "IGC-L2x3M2-relu, 5",
    "IGC-L4M2-split-narrow2+Ident, 8"
  })
  void whatIsWrittenIsRead(String name, int depth) {
    Model written = model(Architecture.cifar(name, depth, 3), 1);
    ModelFolder.write(folder, written);
    Model read = ModelFolder.read(folder);
    assertThat(read.architecture()).isEqualTo(written.architecture());
    assertThat(read.classes()).isEqualTo(written.classes());
    assertThat(read.normalization()).isEqualTo(written.normalization());
    assertThat(read.origin()).isEqualTo(written.origin());
    assertThat(read.weights().values()).isEqualTo(written.weights().values());
  }

  @Test
  void theSameModelMakesTheSameBytes() throws IOException {
    Model model = model(Architecture.cifar("IGC-L4M2", 5, 3), 1);
    ModelFolder.write(folder.resolve("a"), model);
    ModelFolder.write(folder.resolve("b"), model);
    for (String file : List.of(ModelFolder.DESCRIPTION, ModelFolder.WEIGHTS)) {
      assertThat(folder.resolve("a").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("b").resolve(file));
    }
    try (var files = Files.list(folder.resolve("a"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void tensorsHaveTheNamesAndShapesOfAPyTorchUser() {
    ModelFolder.write(folder, model(Architecture.cifar("IGC-L4M2", 5, 3), 1));
    assertThat(Safetensors.read(folder.resolve(ModelFolder.WEIGHTS)).tensors())
        .extracting(tensor -> tensor.name() + " " + tensor.shape())
        .contains(
            "stem.conv.weight [8, 3, 3, 3]",
            "stage1.0.primary.weight [8, 2, 3, 3]",
            "stage1.0.secondary.weight [8, 4, 1, 1]",
            "stage3.0.bn.running_var [32]",
            "fc.weight [3, 32]");
  }

  @Test
  void theDescriptionReads() throws IOException {
    ModelFolder.write(folder, model(Architecture.cifar("IGC-L4M2", 5, 3), 1));
    assertThat(Files.readString(folder.resolve(ModelFolder.DESCRIPTION)))
        .startsWith(
            """
            {
              "format" : "igcnet-model",
              "version" : 4,
            """)
        .contains("\"network\" : \"IGC-L4M2\"", "\"accuracy\" : 87.5", "\"learningRate\" : 0.1")
        .contains("\"kind\" : \"interleave\"", "\"epsilon\" : 2.0E-5")
        .contains("\"middle\" : 1.0", "\"filter\" : \"ANTIALIASED_BILINEAR\"")
        .endsWith("}\n");
  }

  @Test
  void aKillBetweenTheTwoMovesLosesNothing() throws IOException {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, 3);
    ModelFolder.write(folder, model(architecture, 1));
    Path other = folder.resolve("other");
    Model later = model(architecture, 2);
    ModelFolder.write(other, later);
    Path description = folder.resolve(ModelFolder.DESCRIPTION);
    Files.move(other.resolve(ModelFolder.DESCRIPTION), WholeFile.aside(description));
    assertThat(ModelFolder.read(folder).weights().values())
        .isEqualTo(model(architecture, 1).weights().values());
    Files.move(
        other.resolve(ModelFolder.WEIGHTS),
        folder.resolve(ModelFolder.WEIGHTS),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(ModelFolder.read(folder).weights().values()).isEqualTo(later.weights().values());
  }

  @Test
  void aKillBetweenTheTwoMovesAndThenAnotherLoseNothing() throws IOException {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, 3);
    Path second = folder.resolve("second");
    Path third = folder.resolve("third");
    ModelFolder.write(folder, model(architecture, 1));
    ModelFolder.write(second, model(architecture, 2));
    ModelFolder.write(third, model(architecture, 3));
    Path description = folder.resolve(ModelFolder.DESCRIPTION);
    Path weights = folder.resolve(ModelFolder.WEIGHTS);
    Files.move(second.resolve(ModelFolder.WEIGHTS), weights, StandardCopyOption.REPLACE_EXISTING);
    Files.move(second.resolve(ModelFolder.DESCRIPTION), WholeFile.aside(description));
    Files.createDirectory(WholeFile.aside(weights)); // so the third write fails at its beginning
    assertThatThrownBy(() -> ModelFolder.write(folder, model(architecture, 3)))
        .isInstanceOf(UserError.class);
    Files.move(
        third.resolve(ModelFolder.DESCRIPTION),
        WholeFile.aside(description),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(ModelFolder.read(folder).weights().values())
        .isEqualTo(model(architecture, 2).weights().values());
  }

  @Test
  void weightsThatCannotBeAreRefusedByName() {
    for (float wrong : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      Model model = model(Architecture.cifar("IGC-L4M2", 5, 3), 1);
      Weights weights = model.weights();
      weights.values()[weights.offset("fc.weight") + 5] = wrong;
      ModelFolder.write(folder, model);
      assertRefused("the tensor fc.weight holds %s, which is no finite number".formatted(wrong));
    }
    Model model = model(Architecture.cifar("IGC-L4M2", 5, 3), 1);
    Weights weights = model.weights();
    weights.values()[weights.offset("stage2.0.bn.running_var")] = -0.5f;
    ModelFolder.write(folder, model);
    assertRefused("the tensor stage2.0.bn.running_var holds -0.5, which is no variance");
  }

  /** Of version 3 as the last program that wrote it left it, and of the present one. */
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aModelOfEachVersionIsRead(int version) throws IOException {
    for (String file : List.of(ModelFolder.DESCRIPTION, ModelFolder.WEIGHTS)) {
      String resource = "version-%d/%s".formatted(version, file);
      try (InputStream in = ModelFolderTest.class.getResourceAsStream(resource)) {
        Files.copy(Objects.requireNonNull(in), folder.resolve(file));
      }
    }
    Model model = ModelFolder.read(folder);
    assertThat(model.architecture()).isEqualTo(Architecture.cifar("IGC-L2M1", 5, 2));
    assertThat(model.origin().data()).isEqualTo("folder:photos,size=32,held-out=0.1");
    assertThat(model.framing())
        .as("pictures of a folder were always cut so")
        .isEqualTo(new Framing(0.875, Framing.Filter.ANTIALIASED_BILINEAR));
    assertThat(model.normalization().mean()).containsExactly(120f, 110.5f, 100f);
    assertThat(model.weights().values()[0]).isEqualTo(0.15227972f);
  }

  /** As another program may have written it, with the SHA-256 that {@code sha256sum} tells. */
  @Test
  void weightsWithOtherSpacingAndMetadataAreReadAsTheirBytesAre() throws IOException {
    Model model = model(Architecture.cifar("IGC-L4M2", 5, 3), 1);
    ModelFolder.write(folder, model);
    Path file = folder.resolve(ModelFolder.WEIGHTS);
    byte[] ours = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(ours).order(ByteOrder.LITTLE_ENDIAN).getInt();
    byte[] header =
        new String(ours, Long.BYTES, length, StandardCharsets.UTF_8)
            .replace("\"format\":\"pt\"", "\"by\" : \"hand\"")
            .replace(":[", " :\n[ ")
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer theirs =
        ByteBuffer.allocate(ours.length - length + header.length).order(ByteOrder.LITTLE_ENDIAN);
    theirs
        .putLong(header.length)
        .put(header)
        .put(ours, Long.BYTES + length, ours.length - Long.BYTES - length);
    Files.write(file, theirs.array());
    assertRefused("describes other weights than those of model.safetensors");
    Path description = folder.resolve(ModelFolder.DESCRIPTION);
    Files.writeString(
        description,
        Files.readString(description).replace(Sha256.of(ours), Sha256.of(theirs.array())));
    assertThat(ModelFolder.read(folder).weights().values()).isEqualTo(model.weights().values());
  }

  @Test
  void weightsOfAnotherModelAreRefused() throws IOException {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, 3);
    ModelFolder.write(folder, model(architecture, 1));
    Path other = folder.resolve("other");
    ModelFolder.write(other, model(architecture, 2));
    Files.copy(
        other.resolve(ModelFolder.WEIGHTS),
        folder.resolve(ModelFolder.WEIGHTS),
        StandardCopyOption.REPLACE_EXISTING);
    assertRefused("describes other weights than those of model.safetensors");
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    assertRefused("holds no trained model: model.json is missing");
    ModelFolder.write(folder, model(Architecture.cifar("IGC-L4M2", 5, 3), 1));
    Files.delete(folder.resolve(ModelFolder.WEIGHTS));
    assertRefused("model.safetensors does not exist");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"version\" : 4|\"version\" : 9|has version 9 of the format \"igcnet-model\"; this program reads versions 1 to 4; a newer igcnet wrote it",
        "\"version\" : 4|\"version\" : 0|has no version of the format \"igcnet-model\"; this program reads versions 1 to 4",
        "\"version\" : 4|\"version\" : 1e999|has no version of the format",
        "\"version\" : 4|\"version\" : \"4\"|has no version of the format \"igcnet-model\"",
        "\"version\" : 4|\"version\" : 99999999999999999999|has no version of the format",
        "\"depth\" : 5|\"depth\" : 100000000000000000005|is refused",
        "\"cat\", |null, |is refused",
        "\"igcnet-model\"|\"other\"|is no file of the format \"igcnet-model\"",
        "\"IGC-L4M2\"|\"IGC-L4M3\"|its layers are not those of IGC-L4M3",
        "\"IGC-L4M2\"|\"IGCL4M2\"|\"IGCL4M2\" is no network's name",
        "\"stages\"|\"stage\"|\"stage\" is no body",
        "\"depth\" : 5|\"depth\" : 6|nearest possible is 5 or 8",
        "\"depth\" : 5|\"depth\" : 5.5|is refused",
        "\"depth\" : 5|\"depth\" : 5, \"depth\" : 5|is no JSON",
        "\"depth\" : 5|\"size\" : 5|is refused",
        "\"depth\" : 5,||is refused",
        "\"height\" : 32|\"height\" : 0|at least one channel, row and column, not 3×0×32",
        "\"height\" : 32|\"height\" : 2000000000|too large for a network",
        "\"groups\" : 4|\"groups\" : 2|its layers are not those",
        "\"interleave\"|\"shuffle\"|is refused",
        "\"cat\", |\"cat\", \"cat\", |3 classes need as many different names",
        "[ 1.0, 2.5, 3.0 ]|[ 1.0, 2.5 ]|2 means and 3 deviations",
        "[ 4.0, |[ -4.0, |above 0",
        "\"middle\" : 1.0|\"middle\" : 1.5|above 0 and at most 1, not 1.5",
        "\"middle\" : 1.0|\"middle\" : 0|above 0 and at most 1, not 0.0",
        "ANTIALIASED_BILINEAR|NEAREST|is refused",
        "\"accuracy\" : 87.5|\"accuracy\" : 187.5|accuracy of 187.5 percent",
        "\"accuracy\" : 87.5|\"accuracy\" : null|is refused"
      })
  void aWrongDescriptionIsRefused(String from, String to, String reason) throws IOException {
    ModelFolder.write(folder, model(Architecture.cifar("IGC-L4M2", 5, 3), 1));
    Path file = folder.resolve(ModelFolder.DESCRIPTION);
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to == null ? "" : to));
    assertRefused(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "[]", "{} {}", "\u0000"})
  void whatIsNoDescriptionIsRefused(String text) throws IOException {
    ModelFolder.write(folder, model(Architecture.cifar("IGC-L4M2", 5, 3), 1));
    Files.writeString(folder.resolve(ModelFolder.DESCRIPTION), text);
    assertRefused("model.json is no ");
  }

  @Test
  void everyStepReadsWhatEarlierStepsWrote() {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, 3);
    assertThat(Layer.of(architecture))
        .extracting(Layer::name)
        .startsWith(
            "stem.conv",
            "stem.bn",
            "stem.relu",
            "stage1.0.primary",
            "stage1.0.interleave",
            "stage1.0.secondary",
            "stage1.0.restore",
            "stage1.0.bn",
            "stage1.0.relu")
        .endsWith("stage3.0.relu", "pool", "fc")
        .doesNotHaveDuplicates();
    assertThat(Layer.of(architecture))
        .contains(
            new Layer.Convolution(
                "stage2.0.primary",
                "stage1.0.relu",
                "stage2.0.primary.weight",
                8,
                16,
                4,
                List.of(3, 3),
                List.of(1, 1),
                2),
            new Layer.Interleave("stage2.0.interleave", "stage2.0.primary", 4, 4),
            new Layer.Interleave("stage3.0.restore", "stage3.0.secondary", 8, 4));
  }

  @Test
  void aResidualBlockAddsItsShortcut() {
    assertThat(Layer.of(Architecture.cifar("RegConv-W4+Ident", 8, 3)))
        .contains(
            new Layer.Add("stage1.0.second.add", List.of("stage1.0.second.bn", "stem.relu")),
            new Layer.Add(
                "stage2.0.second.add", List.of("stage2.0.second.bn", "stage2.0.shortcut.bn")),
            new Layer.Relu("stage2.0.second.relu", "stage2.0.second.add"))
        .extracting(Layer::name)
        .doesNotHaveDuplicates();
  }

  private void assertRefused(String reason) {
    assertThatThrownBy(() -> ModelFolder.read(folder))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(folder.toString())
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  private static Model model(Architecture architecture, long seed) {
    Weights weights = Weights.of(architecture);
    Random random = new Random(seed);
    IntStream.range(0, weights.values().length)
        .forEach(i -> weights.values()[i] = (float) Math.abs(random.nextGaussian()));
    return new Model(
        architecture,
        List.of("cat", "dog", "owl"),
        Framing.WHOLE,
        new Normalization(List.of(1f, 2.5f, 3f), List.of(4f, 5f, 6f)),
        new Origin(
            "shapes",
            7,
            87.5,
            Map.of("learningRate", 0.1),
            Map.of("java", "25"),
            Optional.empty(),
            Optional.empty()),
        weights);
  }
}
