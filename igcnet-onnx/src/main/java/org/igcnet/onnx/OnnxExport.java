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
 * Writes a trained network as an ONNX model of operator set {@value #OPERATORS}.
 *
 * <p>Its input is {@code x}, float {@code [n][channels][rows][columns]} for any n, normalised as
 * its metadata say; its output is {@code logits}, float {@code [n][classes]}. The weights keep
 * their names and shapes. The metadata are {@code network}, {@code body}, {@code depth}, and as
 * JSON arrays {@code classes} (names), {@code mean} and {@code std} (one a channel, in units of the
 * byte).
 *
 * <p>The same model gives the same bytes.
 */
public final class OnnxExport {
  private static final int OPERATORS = 17;

  /** The version of the file format that goes with these operators. */
  private static final int FORMAT = 8;

  /** What a protocol buffer can hold, less room for everything but the weights. */
  private static final long MOST_WEIGHT_BYTES = Integer.MAX_VALUE - (64L << 20);

  private OnnxExport() {}

  /**
   * Writes a file, whole or not at all, in place of one that may be there.
   *
   * @param file usually {@code NAME.onnx}
   * @param model the trained network
   * @throws UserError where it cannot be written, or the weights are more than such a file holds
   */
  public static void write(Path file, Model model) {
    WholeFile.write(file, proto(model)::writeTo);
  }

  /**
   * {@return the file's bytes}
   *
   * @param model the trained network
   * @throws UserError where the weights are more than such a file holds
   */
  public static byte[] bytes(Model model) {
    return proto(model).toByteArray();
  }

  private static ModelProto proto(Model model) {
    Architecture architecture = model.architecture();
    long weightBytes = (long) model.weights().values().length * Float.BYTES;
    if (weightBytes > MOST_WEIGHT_BYTES) {
      throw new UserError(
          "%s has %,d bytes of weights, an ONNX file holds at most %,d"
              .formatted(architecture, weightBytes, MOST_WEIGHT_BYTES));
    }
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .setProducerName("igcnet")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPERATORS))
        .setGraph(OnnxGraph.of(architecture, model.weights()))
        .addMetadataProps(entry("network", architecture.network().toString()))
        .addMetadataProps(entry("body", architecture.body().id()))
        .addMetadataProps(entry("depth", String.valueOf(architecture.depth())))
        .addMetadataProps(entry("classes", json(model.classes())))
        .addMetadataProps(entry("mean", json(model.normalization().mean())))
        .addMetadataProps(entry("std", json(model.normalization().deviation())))
        .build();
  }

  private static String json(Object value) {
    return JsonMapper.shared().writeValueAsString(value);
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
