package org.igcnet.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ConvUnit;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Weights;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportedWeightsTest {
  private static final Architecture SMALL = Architecture.cifar("IGC-L2M1", 5, 2);
  private static final Architecture RESNET =
      new Architecture(NetworkName.parse("ResNet-C64"), Body.IMAGENET, 18, 5, ImageShape.IMAGENET);

  @TempDir static Path jupiterFolder;
  static Path jqwikFolder = Path.of("unused");

  @BeforeContainer
  static void makeFolder() throws IOException {
    jqwikFolder = Files.createTempDirectory("imported");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Files.deleteIfExists(jqwikFolder.resolve("file"));
    Files.delete(jqwikFolder);
  }

  /** One tensor as a file has it. */
  private record Tensor(String type, List<Integer> shape, ByteBuffer values) {
    Tensor(String type, List<Integer> shape, byte[] values) {
      this(type, shape, ByteBuffer.wrap(values));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "module.", "model.", "module.model.", "_orig_mod.module."})
  void namesOfOursAreReadBehindWhatWrappersPutBeforeThem(String prefix) {
    Weights weights = random(SMALL, 1);
    Path file = write(tensors(weights, name -> prefix + name));
    try (ImportedWeights imported = ImportedWeights.open(file)) {
      assertThat(imported.names()).isEqualTo(TensorNames.OURS);
      assertThat(imported.classes()).isEqualTo(2);
      assertThat(imported.channels()).isEqualTo(3);
      assertThat(imported.body()).isEqualTo(Body.STAGES);
      assertThat(imported.of(SMALL, imported.usualEpsilon()).values()).isEqualTo(weights.values());
    }
  }

  @Test
  void countersOfBatchesArePassedOver() {
    Weights weights = random(SMALL, 1);
    Map<String, Tensor> tensors = tensors(weights, name -> name);
    tensors.put("stem.bn.num_batches_tracked", new Tensor("I64", List.of(), new byte[Long.BYTES]));
    assertThat(imported(tensors, SMALL).values()).isEqualTo(weights.values());
  }

  /** The names are those of torchvision 0.28's resnet18().state_dict(). */
  @Test
  void namesOfTorchvisionAreThoseOfResNetC64() {
    Weights weights = random(RESNET, 2);
    Map<String, Tensor> tensors = tensors(weights, TensorNames.TORCHVISION::of);
    assertThat(tensors)
        .hasSize(102)
        .containsKeys(
            "conv1.weight",
            "bn1.weight",
            "bn1.running_var",
            "layer1.0.conv1.weight",
            "layer1.0.bn1.bias",
            "layer1.1.conv2.weight",
            "layer2.0.downsample.0.weight",
            "layer2.0.downsample.1.running_mean",
            "layer4.1.bn2.running_var",
            "fc.weight",
            "fc.bias")
        .doesNotContainKeys("layer1.0.downsample.0.weight", "layer2.1.downsample.0.weight");
    assertThat(tensors.keySet()).noneMatch(name -> name.contains("stage"));
    try (ImportedWeights imported = ImportedWeights.open(write(tensors))) {
      assertThat(imported.names()).isEqualTo(TensorNames.TORCHVISION);
      assertThat(imported.usualEpsilon()).isEqualTo(1e-5f);
      assertThat(imported.body()).isEqualTo(Body.IMAGENET);
      assertThat(imported.classes()).isEqualTo(5);
      assertThat(imported.of(RESNET, ConvUnit.EPSILON).values()).isEqualTo(weights.values());
    }
  }

  /** γ / √(σ² + ε) is the same number before and after, also where σ² + ε is below our ε. */
  @Test
  void anotherEpsilonChangesNoOutput() {
    Weights weights = random(SMALL, 3);
    int variance = weights.offset("stem.bn.running_var");
    int gamma = weights.offset("stem.bn.weight");
    weights.values()[variance] = 0;
    weights.values()[variance + 1] = 1e-7f;
    try (ImportedWeights imported = ImportedWeights.open(write(tensors(weights, name -> name)))) {
      Weights moved = imported.of(SMALL, 1e-5f);
      for (int channel = 0; channel < 2; channel++) {
        double before =
            weights.values()[gamma + channel]
                / Math.sqrt(weights.values()[variance + channel] + (double) 1e-5f);
        double after =
            moved.values()[gamma + channel]
                / Math.sqrt(moved.values()[variance + channel] + (double) ConvUnit.EPSILON);
        assertThat(after).isCloseTo(before, within(Math.abs(before) * 2e-7));
        assertThat(moved.values()[variance + channel]).isZero();
      }
      int other = weights.offset("stage1.0.bn.running_var");
      assertThat(moved.values()[other])
          .isEqualTo((float) ((double) weights.values()[other] + 1e-5f - ConvUnit.EPSILON));
      assertThat(moved.values()[weights.offset("stage1.0.bn.weight")])
          .isEqualTo(weights.values()[weights.offset("stage1.0.bn.weight")]);
    }
  }

  @Test
  void otherFloatsAreCast() {
    Weights weights = random(SMALL, 4);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = Float.float16ToFloat(Float.floatToFloat16(weights.values()[i]));
    }
    assertThat(imported(cast(weights, "F16"), SMALL).values()).isEqualTo(weights.values());
    assertThat(imported(cast(weights, "F64"), SMALL).values()).isEqualTo(weights.values());
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] =
          Float.intBitsToFloat(Float.floatToRawIntBits(weights.values()[i]) & 0xFFFF0000);
    }
    assertThat(imported(cast(weights, "BF16"), SMALL).values()).isEqualTo(weights.values());
  }

  @Test
  void aFloatThatIsTooLargeIsRefused() {
    Map<String, Tensor> tensors = tensors(random(SMALL, 5), name -> name);
    byte[] huge = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(1e300).array();
    tensors.put("fc.bias", new Tensor("F64", List.of(2), huge));
    assertRefused(tensors, "the tensor fc.bias holds 1.0E300, which is too large for a 32-bit");
  }

  @Test
  void whatIsMissingTooMuchOrMisshapenIsNamedWithItsNumber() {
    Map<String, Tensor> tensors = tensors(random(SMALL, 6), name -> name);
    for (String gone :
        List.of("stem.bn.bias", "stem.bn.weight", "stem.bn.running_var", "stem.bn.running_mean")) {
      tensors.remove(gone);
    }
    tensors.put("aux.weight", new Tensor("F32", List.of(1), new byte[4]));
    tensors.put("fc.bias", new Tensor("F32", List.of(3), new byte[12]));
    tensors.put("stage1.0.bn.bias", new Tensor("I64", List.of(2), new byte[16]));
    assertRefused(
        tensors,
        "does not fit IGC-L2M1, depth 5, 2 classes: 4 tensors are missing: stem.bn.weight,"
            + " stem.bn.bias, stem.bn.running_mean and 1 more; 1 tensor is of another shape: fc.bias"
            + " [3], where the network has [2]; 1 tensor is none of the network's: aux.weight; 1"
            + " tensor is of whole numbers: stage1.0.bn.bias");
  }

  @Test
  void whatNoWeightCanBeIsNamed() {
    Weights weights = random(SMALL, 7);
    weights.values()[weights.offset("fc.weight") + 1] = Float.NaN;
    weights.values()[weights.offset("stem.bn.running_var")] = -1;
    assertRefused(
        tensors(weights, name -> name),
        "2 tensors are not of finite numbers, with variances from 0 on: stem.bn.running_var holds"
            + " -1.0, fc.weight holds NaN");
  }

  @Test
  void filesOfTorchSaveAreRefusedWithWhatMakesSafetensorsOfThem() throws IOException {
    for (byte[] begins : List.of(new byte[] {'P', 'K', 3, 4, 0}, new byte[] {(byte) 0x80, 2, 99})) {
      Path file = Files.write(jupiterFolder.resolve("model.pt"), begins);
      assertThatThrownBy(() -> ImportedWeights.open(file))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(file + " is a file of torch.save")
          .hasMessageContaining("save_file(torch.load(\"model.pt\"");
    }
    assertThatThrownBy(() -> ImportedWeights.open(jupiterFolder.resolve("none")))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("none does not exist");
  }

  @Test
  void aFileWithoutALayerThatSaysTheClassesIsRefused() {
    try (ImportedWeights imported =
        ImportedWeights.open(write(Map.of("a", new Tensor("F32", List.of(1), new byte[4]))))) {
      assertThatThrownBy(imported::classes).hasMessageContaining("it has no tensor fc.bias");
      assertThatThrownBy(imported::body).hasMessageContaining("it has no tensor stem.conv.weight");
      assertThatThrownBy(() -> imported.of(SMALL, 0)).hasMessageContaining("above 0, not 0.0");
    }
  }

  /** Any byte may be another: the file gives weights, or one sentence. */
  @Property(tries = 300)
  void aDamagedFileIsReadOrRefusedNothingElse(
      @ForAll @IntRange(max = 1_800) int at, @ForAll byte value, @ForAll boolean cut)
      throws IOException {
    byte[] bytes = bytes(tensors(random(SMALL, 8), name -> "module." + name));
    byte[] damaged = cut ? Arrays.copyOf(bytes, at) : bytes;
    if (!cut) {
      damaged[at] = value;
    }
    Path file = Files.write(jqwikFolder.resolve("file"), damaged);
    try (ImportedWeights imported = ImportedWeights.open(file)) {
      assertThat(imported.of(SMALL, 1e-5f).values()).hasSize(random(SMALL, 8).values().length);
      assertThat(cut).isFalse();
    } catch (UserError refused) {
      assertThat(refused.getMessage()).startsWith(file.toString()).doesNotContain("\n");
    }
  }

  private static Weights imported(Map<String, Tensor> tensors, Architecture network) {
    try (ImportedWeights imported = ImportedWeights.open(write(tensors))) {
      return imported.of(network, ConvUnit.EPSILON);
    }
  }

  private static void assertRefused(Map<String, Tensor> tensors, String reason) {
    assertThatThrownBy(() -> imported(tensors, SMALL))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(reason);
  }

  private static Weights random(Architecture network, long seed) {
    Weights weights = Weights.of(network);
    Random random = new Random(seed);
    for (int i = 0; i < weights.values().length; i++) {
      weights.values()[i] = (float) Math.abs(random.nextGaussian()) + 0.01f;
    }
    return weights;
  }

  private static Map<String, Tensor> tensors(Weights weights, UnaryOperator<String> name) {
    return tensors(weights, "F32", name);
  }

  private static Map<String, Tensor> cast(Weights weights, String type) {
    return tensors(weights, type, name -> name);
  }

  private static Map<String, Tensor> tensors(
      Weights weights, String type, UnaryOperator<String> name) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : weights.parameters()) {
      ByteBuffer buffer =
          ByteBuffer.allocate(parameter.size() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      int from = weights.offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        put(buffer, type, weights.values()[i]);
      }
      byte[] values = new byte[buffer.position()];
      buffer.get(0, values);
      tensors.put(name.apply(parameter.name()), new Tensor(type, parameter.shape(), values));
    }
    return tensors;
  }

  private static void put(ByteBuffer buffer, String type, float value) {
    switch (type) {
      case "F64" -> buffer.putDouble(value);
      case "F16" -> buffer.putShort(Float.floatToFloat16(value));
      case "BF16" -> buffer.putShort((short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
      default -> buffer.putFloat(value);
    }
  }

  private static byte[] bytes(Map<String, Tensor> tensors) {
    List<String> entries = new ArrayList<>();
    int end = 0;
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      int begin = end;
      end += tensor.getValue().values().remaining();
      entries.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(
                  tensor.getKey(),
                  tensor.getValue().type(),
                  tensor.getValue().shape().toString().replace(" ", ""),
                  begin,
                  end));
    }
    byte[] header = ("{" + String.join(",", entries) + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + header.length + end).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(header.length).put(header);
    tensors.values().forEach(tensor -> bytes.put(tensor.values().duplicate()));
    return bytes.array();
  }

  private static Path write(Map<String, Tensor> tensors) {
    try {
      return Files.write(jupiterFolder.resolve("weights.safetensors"), bytes(tensors));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each name is looked at once, so that a hostile file of so many takes no hours. */
  @Test
  @Timeout(60)
  void aFileOfAsManyTensorsAsMayBeIsRefusedSoon() throws IOException {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 250_000; i++) {
      header
          .append(i == 0 ? "" : ",")
          .append("\"a%d.num_batches_tracked\":".formatted(i))
          .append("{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    byte[] text = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    Path file =
        Files.write(jupiterFolder.resolve("many"), bytes.putLong(text.length).put(text).array());
    try (ImportedWeights imported = ImportedWeights.open(file)) {
      assertThat(imported.tensors()).isZero();
      assertThatThrownBy(imported::classes).isInstanceOf(UserError.class);
    }
  }
}
