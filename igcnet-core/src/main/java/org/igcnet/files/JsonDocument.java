package org.igcnet.files;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.type.LogicalType;

/**
 * Records as JSON, strictly: nothing unknown, nothing twice, no number for a word, nothing missing
 * but what is optional or says what it is then, and the same bytes for the same record.
 */
public final class JsonDocument {
  /** Most bytes of a document: ten times the description of the deepest network that there is. */
  public static final long LARGEST = 128L << 20;

  /** A number that is missing is no 0. */
  private static final class NumbersRequired extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      return member.getRawType().isPrimitive()
          ? Boolean.TRUE
          : super.hasRequiredMarker(config, member);
    }
  }

  /** Reads and writes as described above. */
  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .annotationIntrospector(new NumbersRequired())
          .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .withConfigOverride(
              List.class,
              lists -> lists.setNullHandling(JsonSetter.Value.forContentNulls(Nulls.FAIL)))
          .withCoercionConfig(
              LogicalType.Textual,
              texts ->
                  texts
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(
              MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")))
          .build();

  private JsonDocument() {}

  /**
   * {@return one record on many lines, for a file of its own, in UTF-8}
   *
   * @param value a record
   */
  public static byte[] document(Object value) {
    String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * {@return one record on one line, without the line's end}
   *
   * @param value a record
   */
  public static String line(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * {@return a record's components by name}
   *
   * @param value a record
   */
  public static Map<String, Object> fields(Object value) {
    return MAPPER.convertValue(value, new TypeReference<LinkedHashMap<String, Object>>() {});
  }

  /**
   * {@return a record as a part of a document, for upgrades}
   *
   * @param value a record
   */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * Reads one record from one line.
   *
   * @param <T> the record
   * @param where what the sentence of a refusal begins with
   * @param line one line
   * @param type the record's class
   * @return the record
   * @throws UserError where the line holds anything else
   */
  public static <T> T read(String where, String line, Class<T> type) {
    return bind(where, tree(where, line), type);
  }

  /**
   * {@return an object's line without some of its fields}
   *
   * @param line one line
   * @param names those of the fields to leave away
   */
  public static String without(String line, List<String> names) {
    JsonNode tree = MAPPER.readTree(line);
    return line(tree instanceof ObjectNode object ? object.remove(names) : tree);
  }

  /**
   * {@return the text of a file}
   *
   * @param file the file
   * @param largest most bytes that it can need
   * @throws UserError where it is larger, is not there or cannot be read
   */
  public static String text(Path file, long largest) {
    try {
      PlainFile.require(file);
      if (Files.size(file) > largest) {
        throw new UserError(
            Kind.DAMAGED,
            "%s has %,d bytes, more than such a file can need (%,d)"
                .formatted(file, Files.size(file), largest));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  static JsonNode tree(String where, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new UserError(Kind.DAMAGED, "%s is no JSON: %s".formatted(where, reason(e)), e);
    }
  }

  static <T> T bind(String where, JsonNode tree, Class<T> type) {
    if (!tree.isObject()) {
      throw new UserError(Kind.DAMAGED, "%s is refused: it is no JSON object".formatted(where));
    }
    try {
      return MAPPER.treeToValue(tree, type);
    } catch (JacksonException e) {
      throw new UserError(Kind.DAMAGED, "%s is refused: %s".formatted(where, reason(e)), e);
    }
  }

  /** One sentence: that of the record that refused its values, if one did. */
  static String reason(JacksonException problem) {
    return Stream.<Throwable>iterate(problem, Objects::nonNull, Throwable::getCause)
        .filter(cause -> cause instanceof UserError || cause instanceof IllegalArgumentException)
        .map(Throwable::getMessage)
        .findFirst()
        .orElseGet(() -> problem.getOriginalMessage().lines().findFirst().orElse("it is empty"));
  }
}
