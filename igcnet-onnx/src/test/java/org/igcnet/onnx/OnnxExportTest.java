package org.igcnet.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.ImageShape;
import org.igcnet.arch.NetworkName;
import org.igcnet.arch.Parameter;
import org.igcnet.backend.Compute;
import org.igcnet.backend.ImageBatch;
import org.igcnet.backend.InferenceSession;
import org.igcnet.backend.Weights;
import org.igcnet.data.Framing;
import org.igcnet.data.Normalization;
import org.igcnet.loss.CrossEntropy;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import org.igcnet.onnx.OnnxOptions.Input;
import org.igcnet.onnx.OnnxOptions.Output;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxExportTest {
  private static final Normalization NORMALIZATION =
      new Normalization(List.of(125.5f, 123f, 114.25f), List.of(63f, 62.5f, 66.75f));

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "RegConv-W6, stages, 5, 12, 12",
    "RegConv-W4+Ident, stages, 8, 8, 8",
    "SumFusion-L3M4, stages, 5, 8, 8",
    "SumFusion-L2M4+Ident, stages, 8, 8, 8",
    "IGC-L4M3, stages, 8, 16, 16",
    "IGC-L24M2, stages, 8, 32, 32",
    "IGC-L1M5, stages, 5, 8, 8",
    "IGC-L6M1, stages, 5, 8, 8",
    "IGC-L3M2+Ident, stages, 8, 8, 8",
    "IGC-L3M2, flat, 4, 8, 8",
    "IGC-L3M2+Ident, flat, 4, 8, 8",
    "IGC-L3M2, stages, 8, 11, 7",
    "RegConv-W5+Ident, stages, 8, 7, 9",
    "IGC-L6M2-swapped, stages, 8, 9, 8",
    "IGC-L6M2-spatial+Ident, stages, 8, 8, 8",
    "IGC-L6M2-split, stages, 8, 9, 8",
    "IGC-L6M2-dense, stages, 5, 8, 8",
    "IGC-L6M4-narrow2-relu, stages, 5, 8, 8",
    "IGC-L6M2-oneway, stages, 5, 8, 8",
    "IGC-L12M2-se, stages, 8, 8, 8",
    "IGC-L6M2-se+Ident, stages, 8, 9, 8",
    "IGC-L6M2-unpermuted, flat, 4, 8, 8",
    "IGC-L3x2M2, stages, 8, 8, 8",
    "IGC-L2x3x2M2-relu+Ident, stages, 8, 8, 8",
    "IGC-L4M8, stages, 5, 8, 8",
    "IGC-L5M4+Ident, stages, 8, 9, 8",
    "IGC-L40M8, flat, 3, 5, 4",
    "IGC-L6M2-split-relu, stages, 5, 8, 9",
    "IGC-L6M2-dense-relu, stages, 5, 8, 9",
    "IGC-L24M2-spatial-relu, stages, 5, 8, 8",
    "IGC-L24M2-swapped+Ident, stages, 8, 8, 8",
    "IGC-L6M2-doubleL, stages, 5, 8, 8",
    "IGC-L6M2-doubleM, imagenet, 6, 32, 33",
    "IGC-L2x2x2M2, stages, 5, 8, 8",
    "ResNet-C4, imagenet, 10, 33, 40",
    "IGC-L6M2+Ident, imagenet, 10, 32, 32",
  })
  void onnxRuntimeComputesWhatTheEngineComputes(
      String name, String body, int depth, int height, int width) throws OrtException {
    ImageShape input = new ImageShape(3, height, width);
    Architecture architecture =
        new Architecture(NetworkName.parse(name), Body.parse(body), depth, 4, input);
    Model model = model(architecture);
    Map<Integer, Images> batches =
        Map.of(1, Images.random(architecture, 1), 7, Images.random(architecture, 7));
    for (OnnxOptions options : allOptions()) {
      try (OrtSession session = session(OnnxExport.of(model, options).bytes());
          InferenceSession predictor = model.inference(7, Compute.threads(1))) {
        for (Images images : batches.values()) {
          float[] ours = predictor.logits(images.batch(NORMALIZATION));
          assertThat(greatest(ours)).isBetween(0.01f, 1000f);
          float[][] theirs = images.run(session, options);
          assertThat(theirs).hasDimensions(images.count(), 4);
          for (int image = 0; image < images.count(); image++) {
            float[] logits = Arrays.copyOfRange(ours, image * 4, image * 4 + 4);
            assertThat(theirs[image])
                .describedAs("%s", options)
                .containsExactly(
                    expected(logits, options), Offset.offset(tolerance(ours, options)));
          }
        }
      }
    }
  }

  private static float tolerance(float[] logits, OnnxOptions options) {
    return switch (options.output()) {
      case LOGITS -> 1e-5f * greatest(logits);
      case PROBABILITIES -> 1e-5f * Math.max(1, greatest(logits));
    };
  }

  private static float[] expected(float[] logits, OnnxOptions options) {
    return switch (options.output()) {
      case LOGITS -> logits;
      case PROBABILITIES -> {
        double[] probabilities = CrossEntropy.probabilities(logits, logits.length);
        float[] floats = new float[logits.length];
        for (int c = 0; c < floats.length; c++) {
          floats[c] = (float) probabilities[c];
        }
        yield floats;
      }
    };
  }

  private static float greatest(float[] values) {
    float greatest = 0;
    for (float value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest;
  }

  private static List<OnnxOptions> allOptions() {
    List<OnnxOptions> all = new ArrayList<>();
    for (OnnxOptions form : List.of(OnnxOptions.PAPER, OnnxOptions.FAST)) {
      for (Input input : Input.values()) {
        for (Output output : Output.values()) {
          all.add(form.with(input).with(output));
        }
      }
    }
    return all;
  }

  @Test
  void theGraphIsThatOfEquation5() throws IOException {
    Architecture architecture = Architecture.cifar("IGC-L4M2", 5, 4);
    ModelProto proto =
        ModelProto.parseFrom(OnnxExport.of(model(architecture), OnnxOptions.PAPER).bytes());
    assertThat(proto.getOpsetImport(0).getVersion()).isEqualTo(17);
    GraphProto graph = proto.getGraph();
    assertThat(graph.getNodeList())
        .filteredOn(node -> node.getName().startsWith("stage1."))
        .extracting(NodeProto::getName)
        .containsExactly(
            "stage1.0.primary",
            "stage1.0.interleave",
            "stage1.0.secondary",
            "stage1.0.restore",
            "stage1.0.bn",
            "stage1.0.relu");
    assertThat(graph.getInitializerList())
        .filteredOn(tensor -> !tensor.getName().endsWith(".channels"))
        .extracting(tensor -> tensor.getName() + " " + tensor.getDimsList())
        .containsExactlyElementsOf(
            architecture.parameters().stream().map(p -> p.name() + " " + p.shape()).toList());
  }

  /** What is left when ONNX Runtime has put together what it can. */
  @ParameterizedTest
  @CsvSource({
    "IGC-L24M2, flat, 3, 0, 0",
    "IGC-L24M2, stages, 5, 4, 0",
    "IGC-L24M2+Ident, stages, 8, 8, 0",
    "IGC-L24M2-relu, stages, 5, 6, 0",
    "IGC-L4M8, stages, 5, 4, 0",
    "IGC-L1M16, stages, 5, 0, 0",
    "IGC-L16M1, flat, 3, 0, 0",
    "SumFusion-L4M8, stages, 5, 0, 0",
    "RegConv-W16+Ident, stages, 8, 0, 0",
    "ResNet-C16, imagenet, 10, 0, 0",
    "IGC-L24M2-se, stages, 5, 4, 3",
  })
  void onlyPermutationsAreLeftBesideConvolutionsThatTakeReluAndSumWithThem(
      String name, String body, int depth, int permutations, int scales) throws Exception {
    Architecture architecture =
        new Architecture(
            NetworkName.parse(name), Body.parse(body), depth, 4, new ImageShape(3, 32, 32));
    Set<String> expected = new TreeSet<>(Set.of("Conv", "GlobalAveragePool", "Flatten", "Gemm"));
    if (architecture.pool().isPresent()) {
      expected.add("MaxPool");
    }
    if (scales > 0) {
      expected.add("Mul");
    }
    List<String> left = optimised(OnnxExport.of(model(architecture), OnnxOptions.FAST));
    if (permutations > 0) {
      expected.add("Gather");
    }
    assertThat(new TreeSet<>(left)).isEqualTo(expected);
    assertThat(left).filteredOn("Gather"::equals).hasSize(permutations);
    assertThat(left).filteredOn("Mul"::equals).hasSize(scales);
  }

  @Test
  void permutationsStayWhereToMultiplyThemWouldTakeLonger() throws Exception {
    Architecture architecture =
        new Architecture(
            NetworkName.parse("IGC-L100M16"), Body.FLAT, 3, 4, new ImageShape(3, 7, 7));
    List<String> left = optimised(OnnxExport.of(model(architecture), OnnxOptions.FAST));
    assertThat(left).filteredOn("Gather"::equals).hasSize(2);
    assertThat(left).doesNotContain("BatchNormalization", "Relu");
  }

  /**
   * The operators of the nodes as ONNX Runtime runs them, whatever processor and layout it has
   * kernels for.
   */
  private List<String> optimised(OnnxExport export) throws OrtException, IOException {
    Path file = folder.resolve("optimised.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setOptimizedModelFilePath(file.toString());
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR)
          .createSession(export.bytes(), options)
          .close();
    }
    return ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getNodeList().stream()
        .map(NodeProto::getOpType)
        .filter(operator -> !operator.startsWith("Reorder"))
        .map(operator -> operator.equals("FusedConv") ? "Conv" : operator)
        .toList();
  }

  @Test
  void thePapersFormTakesImagesOfAnySize() throws OrtException {
    Architecture architecture = Architecture.cifar("IGC-L6M2+Ident", 8, 4);
    ImageShape other = new ImageShape(3, 19, 24);
    Architecture larger =
        new Architecture(architecture.network(), architecture.body(), 8, 4, other);
    Images images = Images.random(larger, 2);
    try (OrtSession session =
            session(OnnxExport.of(model(architecture), OnnxOptions.PAPER).bytes());
        InferenceSession predictor = model(larger).inference(2, Compute.threads(1))) {
      float[] ours = predictor.logits(images.batch(NORMALIZATION));
      float[][] theirs = images.run(session, OnnxOptions.PAPER);
      for (int image = 0; image < 2; image++) {
        assertThat(theirs[image])
            .containsExactly(
                Arrays.copyOfRange(ours, 4 * image, 4 * image + 4),
                Offset.offset(1e-5f * greatest(ours)));
      }
    }
  }

  @Test
  void permutationsOfOnePartitionAreLeftOut() throws IOException {
    for (String name : List.of("IGC-L1M4", "IGC-L4M1")) {
      Architecture architecture =
          new Architecture(NetworkName.parse(name), Body.FLAT, 3, 4, ImageShape.CIFAR);
      ModelProto proto =
          ModelProto.parseFrom(OnnxExport.of(model(architecture), OnnxOptions.PAPER).bytes());
      assertThat(proto.getGraph().getNodeList())
          .extracting(NodeProto::getOpType)
          .containsExactly(
              "Conv",
              "BatchNormalization",
              "Relu",
              "Conv",
              "Conv",
              "BatchNormalization",
              "Relu",
              "GlobalAveragePool",
              "Flatten",
              "Gemm");
    }
  }

  @Test
  void weightsAreTheModelsBits() throws IOException {
    Model model = model(Architecture.cifar("SumFusion-L2M3+Ident", 8, 4));
    ModelProto proto = ModelProto.parseFrom(OnnxExport.of(model, OnnxOptions.PAPER).bytes());
    List<Float> exported = new ArrayList<>();
    for (TensorProto tensor : proto.getGraph().getInitializerList()) {
      if (tensor.getDataType() == TensorProto.DataType.FLOAT.getNumber()) {
        FloatBuffer values =
            tensor
                .getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        while (values.hasRemaining()) {
          exported.add(values.get());
        }
      }
    }
    List<Float> own = new ArrayList<>();
    for (float value : model.weights().values()) {
      own.add(value);
    }
    assertThat(exported).isEqualTo(own);
  }

  @Test
  void metadataSayWhatAUserNeeds() throws OrtException {
    Model model = model(Architecture.cifar("IGC-L3M2+Ident", 8, 4));
    try (OrtSession session = session(OnnxExport.of(model, OnnxOptions.PAPER).bytes())) {
      assertThat(session.getMetadata().getProducerName()).isEqualTo("igcnet");
      assertThat(session.getMetadata().getCustomMetadata())
          .containsExactlyInAnyOrderEntriesOf(
              Map.of(
                  "network", "IGC-L3M2+Ident",
                  "body", "stages",
                  "depth", "8",
                  "classes", "[\"a cat\",\"\\\"dog\\\"\",\"Vögel\",\"4\"]",
                  "mean", "[125.5,123.0,114.25]",
                  "std", "[63.0,62.5,66.75]",
                  "rows", "32",
                  "columns", "32",
                  "colours", "RGB",
                  "middle", "1.0"));
    }
  }

  @Test
  void picturesThatTakeBytesAreDescribedAsOnnxDescribesImages() throws IOException {
    Architecture architecture =
        new Architecture(NetworkName.parse("IGC-L3M2"), Body.FLAT, 3, 4, new ImageShape(3, 24, 40));
    OnnxExport export =
        OnnxExport.of(model(architecture, Framing.PHOTOGRAPH), OnnxOptions.FAST.with(Input.BYTES));
    ModelProto proto = ModelProto.parseFrom(export.bytes());
    assertThat(proto.getMetadataPropsList())
        .extracting(entry -> entry.getKey() + "=" + entry.getValue())
        .contains(
            "middle=0.875",
            "rows=24",
            "columns=40",
            "Image.BitmapPixelFormat=Rgb8",
            "Image.ColorSpaceGamma=SRGB",
            "Image.NominalPixelRange=NominalRange_0_255");
    assertThat(proto.getGraph().getInput(0).getType().getDenotation()).isEqualTo("IMAGE");
    assertThat(proto.getGraph().getInput(0).getType().getTensorType().getShape().getDimList())
        .extracting(TensorShapeProto.Dimension::getDenotation)
        .containsExactly("DATA_BATCH", "DATA_CHANNEL", "DATA_FEATURE", "DATA_FEATURE");
    assertThat(export.input()).hasToString("x, uint8 n × 3 × 24 × 40");
    assertThat(export.output()).hasToString("logits, float n × 4");
    assertThat(export.size()).isEqualTo(export.bytes().length);
  }

  @Test
  void theSameModelGivesTheSameBytes() throws IOException {
    Architecture architecture = Architecture.cifar("IGC-L3M2", 5, 4);
    Path file = folder.resolve("model.onnx");
    OnnxExport.of(model(architecture), OnnxOptions.FAST).write(file);
    assertThat(Files.readAllBytes(file))
        .isEqualTo(OnnxExport.of(model(architecture), OnnxOptions.FAST).bytes());
    assertThat(folder).isDirectoryContaining(file::equals);
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Path file = folder.resolve("nowhere").resolve("model.onnx");
    Model model = model(Architecture.cifar("IGC-L3M2", 5, 4));
    assertThatThrownBy(() -> OnnxExport.of(model, OnnxOptions.FAST).write(file))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + " cannot be written");
    assertThat(folder).isEmptyDirectory();
  }

  private static OrtSession session(byte[] model) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return OrtEnvironment.getEnvironment().createSession(model, options);
    }
  }

  /**
   * Some images as a user has them.
   *
   * @param bytes of each, channels × rows × columns
   */
  private record Images(ImageShape shape, List<byte[]> bytes) {
    static Images random(Architecture architecture, int count) {
      Random random = new Random(count);
      List<byte[]> images = new ArrayList<>();
      for (int image = 0; image < count; image++) {
        byte[] bytes = new byte[architecture.input().size()];
        random.nextBytes(bytes);
        images.add(bytes);
      }
      return new Images(architecture.input(), images);
    }

    int count() {
      return bytes.size();
    }

    ImageBatch batch(Normalization normalization) {
      ImageBatch batch = new ImageBatch(shape, count());
      float[] normalised = new float[shape.size()];
      for (int image = 0; image < count(); image++) {
        normalization.apply(bytes.get(image), shape, normalised);
        batch.put(image, normalised, 0);
      }
      return batch;
    }

    float[][] run(OrtSession session, OnnxOptions options) throws OrtException {
      try (OnnxTensor x = tensor(options.input());
          OrtSession.Result result = session.run(Map.of("x", x))) {
        assertThat(result).hasSize(1);
        return (float[][]) result.get(options.output().toString()).orElseThrow().getValue();
      }
    }

    private OnnxTensor tensor(Input input) throws OrtException {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      long[] extents = {count(), shape.channels(), shape.height(), shape.width()};
      return switch (input) {
        case FLOAT -> OnnxTensor.createTensor(environment, floats(), extents);
        case BYTES -> OnnxTensor.createTensor(environment, joined(), extents, OnnxJavaType.UINT8);
      };
    }

    private FloatBuffer floats() {
      FloatBuffer floats = FloatBuffer.allocate(count() * shape.size());
      float[] normalised = new float[shape.size()];
      for (byte[] image : bytes) {
        NORMALIZATION.apply(image, shape, normalised);
        floats.put(normalised);
      }
      return floats.flip();
    }

    private ByteBuffer joined() {
      ByteBuffer joined = ByteBuffer.allocate(count() * shape.size());
      bytes.forEach(joined::put);
      return joined.flip();
    }
  }

  private static Model model(Architecture architecture) {
    return model(architecture, Framing.WHOLE);
  }

  private static Model model(Architecture architecture, Framing framing) {
    Weights weights = Weights.of(architecture);
    Random random = new Random(7);
    for (Parameter parameter : architecture.parameters()) {
      int from = weights.offset(parameter.name());
      for (int i = from; i < from + parameter.size(); i++) {
        weights.values()[i] = value(parameter, random);
      }
    }
    return new Model(
        architecture,
        List.of("a cat", "\"dog\"", "Vögel", "4"),
        framing,
        NORMALIZATION,
        new Origin("shapes", 1, 50, Map.of(), Map.of(), Optional.empty(), Optional.empty()),
        weights);
  }

  private static float value(Parameter parameter, Random random) {
    return switch (parameter.role()) {
      case CONVOLUTION, LINEAR ->
          (float) (random.nextGaussian() * Math.sqrt(2.0 / parameter.fanIn()));
      case BIAS, BETA, RUNNING_MEAN -> (float) (0.3 * random.nextGaussian());
      case GAMMA, RUNNING_VARIANCE -> random.nextFloat(0.5f, 1.5f);
    };
  }
}
