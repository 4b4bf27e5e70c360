package org.igcnet.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.nio.file.Path;
import org.igcnet.UserError;
import org.igcnet.arch.Architecture;
import org.igcnet.files.WholeFile;
import org.igcnet.model.Model;
import tools.jackson.databind.json.JsonMapper;

/**
 * A trained network as an ONNX model of operator set {@value #OPERATORS}.
 *
 * <pre>{@code
 * OnnxExport.of(ModelFolder.read(Path.of("runs/a")), OnnxOptions.FAST).write(Path.of("a.onnx"));
 * }</pre>
 *
 * <p>The metadata are {@code network}, {@code body}, {@code depth}, and as JSON arrays {@code
 * classes} (names), {@code mean} and {@code std} (one a channel, in units of the byte).
 *
 * <p>The same model gives the same bytes.
 */
public final class OnnxExport {
  private static final int OPERATORS = 17;

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
    ModelProto proto =
        ModelProto.newBuilder()
            .setIrVersion(FORMAT)
            .setProducerName("igcnet")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATORS))
            .setGraph(graph.proto())
            .addMetadataProps(entry("network", architecture.network().toString()))
            .addMetadataProps(entry("body", architecture.body().id()))
            .addMetadataProps(entry("depth", String.valueOf(architecture.depth())))
            .addMetadataProps(entry("classes", json(model.classes())))
            .addMetadataProps(entry("mean", json(model.normalization().mean())))
            .addMetadataProps(entry("std", json(model.normalization().deviation())))
            .build();
    return new OnnxExport(graph, proto);
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
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
