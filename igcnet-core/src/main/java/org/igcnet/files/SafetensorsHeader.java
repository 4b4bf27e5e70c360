package org.igcnet.files;

import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The header of a {@link Safetensors} file. It is read token by token, so that a hostile one takes
 * no more memory than its own bytes and some hundred for each tensor.
 *
 * @param metadata what else there is to say, by key
 * @param entries the tensors in the order of their values, which fill the file from end to end
 */
record SafetensorsHeader(SortedMap<String, String> metadata, List<Entry> entries) {
  /** Under this name stands the metadata. */
  static final String METADATA = "__metadata__";

  /** Bytes: twice what the deepest network that there is needs with its velocities. */
  static final int LONGEST = 40_000_000;

  /** The deepest network that there is has 180,000 with its velocities. */
  static final int MOST_TENSORS = 250_000;

  private static final int MOST_DIMENSIONS = 8;

  /**
   * What the header says of one tensor.
   *
   * @param type what its numbers are
   * @param begin the first byte of its values, from 0 behind the header
   * @param end the byte behind the last
   */
  record Entry(String name, NumberType type, List<Integer> shape, long begin, long end) {
    /** Numbers in it. */
    long count() {
      return (end - begin) / type.bytes();
    }
  }

  /**
   * Reads a header, which it takes to be hostile.
   *
   * @param file where it is, for refusals
   * @param dataSize bytes behind the header
   * @param types what numbers are read
   * @throws UserError where it is not exactly what the format says, or speaks of other numbers
   */
  static SafetensorsHeader read(String file, byte[] bytes, long dataSize, Set<NumberType> types) {
    var in = new ByteArrayInputStream(bytes);
    Reader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
    try (JsonParser json = JsonDocument.MAPPER.createParser(text)) {
      if (bytes[0] != '{') {
        throw refusal(file, "its header is no JSON object");
      }
      SafetensorsHeader header = new Parser(file, json, dataSize, types).header();
      header.requireFilled(file, dataSize);
      return header;
    } catch (JacksonException e) {
      throw refusal(
          file,
          e.getCause() instanceof CharacterCodingException
              ? "its header is no UTF-8"
              : "its header is no JSON: " + JsonDocument.reason(e));
    }
  }

  private void requireFilled(String file, long dataSize) {
    long filled = 0;
    for (Entry entry : entries) {
      if (entry.begin != filled) {
        throw refusal(
            file,
            "the values of \"%s\" begin at byte %,d, where those before end at %,d"
                .formatted(entry.name, entry.begin, filled));
      }
      filled = entry.end;
    }
    if (filled != dataSize) {
      throw refusal(file, "it has %,d bytes of values, not %,d".formatted(dataSize, filled));
    }
  }

  /** The sentence that refuses a file. */
  static UserError refusal(String file, String reason) {
    return new UserError(
        Kind.DAMAGED, "%s is no sound safetensors file: %s".formatted(file, reason));
  }

  /** Goes through one header. */
  private record Parser(String file, JsonParser json, long dataSize, Set<NumberType> types) {
    SafetensorsHeader header() {
      SortedMap<String, String> metadata = new TreeMap<>();
      List<Entry> entries = new ArrayList<>();
      json.nextToken();
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        if (name.equals(METADATA)) {
          readMetadata(metadata);
        } else if (entries.size() < MOST_TENSORS) {
          entries.add(entry(name));
        } else {
          throw refusal("it has more than %,d tensors".formatted(MOST_TENSORS));
        }
      }
      if (json.nextToken() != null) {
        throw refusal("its header is no JSON object");
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      return new SafetensorsHeader(metadata, entries);
    }

    private void readMetadata(SortedMap<String, String> metadata) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refusal(METADATA + " is no JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String key = json.currentName();
        if (json.nextToken() != JsonToken.VALUE_STRING) {
          throw refusal("\"%s\" in %s is no text".formatted(key, METADATA));
        }
        metadata.put(key, json.getString());
      }
    }

    private Entry entry(String name) {
      NumberType type = null;
      List<Long> shape = null;
      List<Long> offsets = null;
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refusal(incomplete(name));
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        switch (json.currentName()) {
          case "dtype" -> type = type(name);
          case "shape" -> shape = numbers(name, "shape", Integer.MAX_VALUE);
          case "data_offsets" -> offsets = numbers(name, "data_offsets", dataSize);
          default -> throw refusal(incomplete(name));
        }
      }
      if (type == null || shape == null || offsets == null) {
        throw refusal(incomplete(name));
      }
      return entry(name, type, shape, offsets);
    }

    private static String incomplete(String name) {
      return "\"%s\" does not have just dtype, shape and data_offsets".formatted(name);
    }

    private NumberType type(String name) {
      boolean word = json.nextToken() == JsonToken.VALUE_STRING;
      return types.stream()
          .filter(type -> word && type.name().equals(json.getString()))
          .findFirst()
          .orElseThrow(
              () ->
                  refusal(
                      "\"%s\" has the type %s, where %s is read"
                          .formatted(name, found(), words())));
    }

    /** The types that are read. */
    private String words() {
      return types.stream().map(NumberType::name).collect(Collectors.joining(" or "));
    }

    private Entry entry(String name, NumberType type, List<Long> shape, List<Long> offsets) {
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw refusal("the data_offsets of \"%s\" are no beginning and end".formatted(name));
      }
      List<Integer> extents = shape.stream().map(Math::toIntExact).toList();
      long bytes = offsets.get(1) - offsets.get(0);
      if (Safetensors.count(extents) * type.bytes() != bytes) {
        throw refusal(
            "\"%s\" of the shape %s does not have %,d bytes".formatted(name, shape, bytes));
      }
      return new Entry(name, type, extents, offsets.get(0), offsets.get(1));
    }

    private List<Long> numbers(String name, String key, long most) {
      List<Long> numbers = new ArrayList<>();
      boolean list = json.nextToken() == JsonToken.START_ARRAY;
      while (list && json.nextToken() != JsonToken.END_ARRAY) {
        if (numbers.size() == MOST_DIMENSIONS) {
          throw refusal("%s of \"%s\" is no short list".formatted(key, name));
        }
        numbers.add(number(name, key, most));
      }
      if (!list) {
        throw refusal("%s of \"%s\" is no short list".formatted(key, name));
      }
      return numbers;
    }

    private long number(String name, String key, long most) {
      boolean whole =
          json.currentToken() == JsonToken.VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole || json.getLongValue() < 0 || json.getLongValue() > most) {
        throw refusal(
            "%s of \"%s\" has %s, which is not from 0 to %,d".formatted(key, name, found(), most));
      }
      return json.getLongValue();
    }

    /** What stands where something else should, as the file spells it. */
    private @Nullable String found() {
      return json.getString();
    }

    private UserError refusal(String reason) {
      return SafetensorsHeader.refusal(file, reason);
    }
  }
}
