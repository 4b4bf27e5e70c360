package org.igcnet.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.ImageShape;
import org.igcnet.files.WholeFile;
import org.igcnet.model.Model;
import org.igcnet.model.Origin;
import tools.jackson.databind.json.JsonMapper;

/**
 * A trained network as an ONNX model of operator set {@value #OPERATORS}.
 *
 * <pre>{@code
 * OnnxExport.of(ModelFolder.read(Path.of("runs/a")), OnnxOptions.FAST).write(Path.of("a.onnx"));
 * }</pre>
 *
 * <p>The metadata are {@code network}, {@code body}, {@code depth}, as JSON arrays {@code classes}
 * (names), {@code mean} and {@code std} (one a channel, in units of the byte), and how a picture is
 * made to fit: {@code middle} (the share of its largest middle part that is kept), {@code rows} and
 * {@code columns} that this is resized to, and {@code colours}. Where bytes go in, ONNX's own
 * properties of images are there too.
 *
 * <p>The same model gives the same bytes.
 */
public final class OnnxExport {
  private static final int OPERATORS = 17;

  private static final int COLOURS = 3;

  /** The version of the file format that goes with these operators. */
  private static final int FORMAT = 8;

  /** What a protocol buffer can hold, less room for everything but the weights. */
  private static final long MOST_WEIGHT_BYTES = Integer.MAX_VALUE - (64L << 20);

  private final OnnxGraph graph;
  private final ModelProto proto;

  private OnnxExport(OnnxGraph graph, ModelProto proto) {
    this.graph = graph;
    this.proto = proto;
  }

  /**
   * Makes an ONNX model in memory.
   *
   * @param model the trained network
   * @param options what the file is to be like
   * @return the ONNX model
   * @throws UserError where the weights are more than such a file holds
   */
  public static OnnxExport of(Model model, OnnxOptions options) {
    Architecture architecture = model.architecture();
    OnnxGraph graph = new OnnxGraph(model, options);
    long weightBytes = graph.weights() * Float.BYTES;
    if (weightBytes > MOST_WEIGHT_BYTES) {
      throw new UserError(
          "%s in the %s form has %,d bytes of weights, an ONNX file holds at most %,d"
              .formatted(architecture, options.form(), weightBytes, MOST_WEIGHT_BYTES));
    }
    ModelProto.Builder proto =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT)
            .setProducerName("igcnet")
            .setProducerVersion(String.valueOf(Origin.runningVersions().get("igcnet")))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATORS))
            .setGraph(graph.proto());
    metadata(model, options)
        .forEach(
            (key, value) ->
                proto.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return new OnnxExport(graph, proto.build());
  }

  /** What a program needs beside the graph. */
  private static Map<String, String> metadata(Model model, OnnxOptions options) {
    Architecture architecture = model.architecture();
    ImageShape image = architecture.input();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("network", architecture.network().toString());
    facts.put("body", architecture.body().id());
    facts.put("depth", String.valueOf(architecture.depth()));
    facts.put("classes", json(model.classes()));
    facts.put("mean", json(model.normalization().mean()));
    facts.put("std", json(model.normalization().deviation()));
    facts.put("rows", String.valueOf(image.height()));
    facts.put("columns", String.valueOf(image.width()));
    if (image.channels() == COLOURS) {
      facts.put("colours", "RGB");
    }
    facts.put("middle", String.valueOf(model.framing().middle()));
    if (image.channels() == COLOURS && options.input() == OnnxOptions.Input.BYTES) {
      facts.put("Image.BitmapPixelFormat", "Rgb8");
      facts.put("Image.ColorSpaceGamma", "SRGB");
      facts.put("Image.NominalPixelRange", "NominalRange_0_255");
    }
    return facts;
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  /** {@return the images that a program hands in} */
  public Port input() {
    return graph.input();
  }

  /** {@return what a program gets back} */
  public Port output() {
    return graph.output();
  }

  /** {@return the size of the file in bytes} */
  public long size() {
    return proto.getSerializedSize();
  }

  /**
   * Writes a file, whole or not at all, in place of one that may be there.
   *
   * @param file usually {@code NAME.onnx}
   * @throws UserError where it cannot be written
   */
  public void write(Path file) {
    WholeFile.write(file, proto::writeTo);
  }

  /** {@return the file's bytes} */
  public byte[] bytes() {
    return proto.toByteArray();
  }
}
