package org.igcnet.model;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.igcnet.UserError;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Tensors of 32-bit floats in a file of the safetensors format, which PyTorch users read with
 * {@code safetensors.torch.load_file}:
 *
 * <pre>
 *   8 bytes   N, the header's length, little-endian
 *   N bytes   the header, JSON in UTF-8, padded with spaces until N is a multiple of 8:
 *             {"__metadata__": {"key": "text", …},
 *              "stem.conv.weight": {"dtype": "F32", "shape": [48,3,3,3], "data_offsets": [0,5184]},
 *              …}
 *   the rest  the values, little-endian, row-major; offsets count from here; no gaps, no overlaps
 * </pre>
 *
 * The same tensors and metadata make the same bytes.
 *
 * @param metadata what else there is to say, by key
 * @param tensors in the order of their values in the file
 */
public record Safetensors(SortedMap<String, String> metadata, List<Stored> tensors) {
  private static final String METADATA = "__metadata__";
  private static final String FLOATS = "F32";
  private static final Set<String> ENTRY_KEYS = Set.of("dtype", "shape", "data_offsets");
  private static final int ALIGNMENT = 8;
  private static final int CHUNK = 1 << 16;

  /** The deepest network that there is, with its velocities, needs a sixth of this. */
  private static final long LONGEST_HEADER = 100_000_000;

  private static final int MOST_DIMENSIONS = 8;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** One tensor. */
  public static final class Stored {
    private final String name;
    private final List<Integer> shape;
    private final float[] values;

    /**
     * @param name its name, none twice in a file
     * @param shape its extents; none for a single number
     * @param values as many as the shape says, row-major; not copied
     */
    public Stored(String name, List<Integer> shape, float[] values) {
      if (count(shape) != values.length) {
        throw new IllegalArgumentException(
            "%s of the shape %s does not have %d values".formatted(name, shape, values.length));
      }
      this.name = name;
      this.shape = List.copyOf(shape);
      this.values = values;
    }

    public String name() {
      return name;
    }

    public List<Integer> shape() {
      return shape;
    }

    /** The values themselves, not a copy. */
    public float[] values() {
      return values;
    }
  }

  /** What the header says of one tensor. */
  private record Entry(String name, List<Integer> shape, long begin, long end) {
    Stored read(DataInputStream in) throws IOException {
      float[] values = new float[(int) count(shape)];
      byte[] bytes = new byte[CHUNK * Float.BYTES];
      ByteBuffer buffer = littleEndian(bytes);
      for (int at = 0; at < values.length; at += CHUNK) {
        int many = Math.min(CHUNK, values.length - at);
        in.readFully(bytes, 0, many * Float.BYTES);
        buffer.asFloatBuffer().get(values, at, many);
      }
      return new Stored(name, shape, values);
    }
  }

  public Safetensors {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    tensors = List.copyOf(tensors);
    Set<String> names = new HashSet<>(Set.of(METADATA));
    for (Stored tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are named " + tensor.name());
      }
    }
  }

  /** The tensors by name, in order. */
  public Map<String, Stored> byName() {
    Map<String, Stored> byName = new LinkedHashMap<>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return byName;
  }

  /** The SHA-256 of the file that {@link #write} makes, in hexadecimal. */
  public String sha256() {
    try {
      return Sha256.of(this::write);
    } catch (IOException e) {
      throw new IllegalStateException("nothing was read or written", e);
    }
  }

  /**
   * Writes the file whole or not at all.
   *
   * @throws UserError where it cannot be written
   */
  public void write(Path file) {
    WholeFile.write(file, this::write);
  }

  /** Writes the file's bytes. */
  void write(OutputStream out) throws IOException {
    byte[] header = header();
    byte[] length = new byte[Long.BYTES];
    littleEndian(length).putLong(header.length);
    out.write(length);
    out.write(header);
    byte[] bytes = new byte[CHUNK * Float.BYTES];
    ByteBuffer buffer = littleEndian(bytes);
    for (Stored tensor : tensors) {
      for (int at = 0; at < tensor.values.length; at += CHUNK) {
        int many = Math.min(CHUNK, tensor.values.length - at);
        buffer.asFloatBuffer().put(tensor.values, at, many);
        out.write(bytes, 0, many * Float.BYTES);
      }
    }
  }

  private byte[] header() {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(METADATA, metadata);
    }
    long begin = 0;
    for (Stored tensor : tensors) {
      long end = begin + (long) tensor.values.length * Float.BYTES;
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", FLOATS);
      entry.put("shape", tensor.shape);
      entry.put("data_offsets", List.of(begin, end));
      header.put(tensor.name, entry);
      begin = end;
    }
    byte[] json = JsonDocument.line(header).getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT];
    Arrays.fill(padded, (byte) ' ');
    System.arraycopy(json, 0, padded, 0, json.length);
    return padded;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a file. Nothing is allocated that the file is not as large as.
   *
   * @throws UserError where the file is missing, or is not exactly what this format says, or holds
   *     anything but 32-bit floats
   */
  public static Safetensors read(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      return new Reader(file, Files.size(file)).read(new DataInputStream(stream));
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  /**
   * Reads one file, which it takes to be hostile.
   *
   * @param file where it is, for refusals
   * @param size bytes in it
   */
  private record Reader(Path file, long size) {
    Safetensors read(DataInputStream in) throws IOException {
      if (size < Long.BYTES) {
        throw refusal("it has %,d bytes, fewer than the header's length takes".formatted(size));
      }
      long length = Long.reverseBytes(in.readLong());
      if (length < 2 || length > LONGEST_HEADER || length > size - Long.BYTES) {
        throw refusal(
            "a header of %s bytes does not fit a file of %,d bytes"
                .formatted(Long.toUnsignedString(length), size));
      }
      JsonNode header = header(in.readNBytes((int) length));
      List<Entry> entries = entries(header, size - Long.BYTES - length);
      List<Stored> tensors = new ArrayList<>();
      for (Entry entry : entries) {
        tensors.add(entry.read(in));
      }
      return new Safetensors(metadata(header.path(METADATA)), tensors);
    }

    private JsonNode header(byte[] bytes) {
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        JsonNode header = JsonDocument.MAPPER.readTree(text);
        if (!text.startsWith("{") || !header.isObject()) {
          throw refusal("its header is no JSON object");
        }
        return header;
      } catch (CharacterCodingException e) {
        throw refusal("its header is no UTF-8");
      } catch (JacksonException e) {
        throw refusal("its header is no JSON: " + JsonDocument.reason(e));
      }
    }

    private SortedMap<String, String> metadata(JsonNode node) {
      SortedMap<String, String> metadata = new TreeMap<>();
      if (!node.isMissingNode() && !node.isObject()) {
        throw refusal(METADATA + " is no JSON object");
      }
      for (Map.Entry<String, JsonNode> pair : node.properties()) {
        if (!pair.getValue().isString()) {
          throw refusal("\"%s\" in %s is no text".formatted(pair.getKey(), METADATA));
        }
        metadata.put(pair.getKey(), pair.getValue().asString());
      }
      return metadata;
    }

    /** The tensors in the order of their values, which fill the file from end to end. */
    private List<Entry> entries(JsonNode header, long dataSize) {
      List<Entry> entries = new ArrayList<>();
      for (Map.Entry<String, JsonNode> property : header.properties()) {
        if (!property.getKey().equals(METADATA)) {
          entries.add(entry(property.getKey(), property.getValue(), dataSize));
        }
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      long filled = 0;
      for (Entry entry : entries) {
        if (entry.begin != filled) {
          throw refusal(
              "the values of \"%s\" begin at byte %,d, where those before end at %,d"
                  .formatted(entry.name, entry.begin, filled));
        }
        filled = entry.end;
      }
      if (filled != dataSize) {
        throw refusal("it has %,d bytes of values, not %,d".formatted(dataSize, filled));
      }
      return entries;
    }

    private Entry entry(String name, JsonNode node, long dataSize) {
      if (!node.isObject() || !Set.copyOf(node.propertyNames()).equals(ENTRY_KEYS)) {
        throw refusal("\"%s\" does not have just dtype, shape and data_offsets".formatted(name));
      }
      if (!node.path("dtype").asString("").equals(FLOATS)) {
        throw refusal(
            "\"%s\" has the type %s, where %s is read".formatted(name, node.path("dtype"), FLOATS));
      }
      List<Long> shape = numbers(name, node, "shape", Integer.MAX_VALUE);
      List<Long> offsets = numbers(name, node, "data_offsets", dataSize);
      if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
        throw refusal("the data_offsets of \"%s\" are no beginning and end".formatted(name));
      }
      List<Integer> extents = shape.stream().map(Math::toIntExact).toList();
      long bytes = offsets.get(1) - offsets.get(0);
      if (count(extents) * Float.BYTES != bytes) {
        throw refusal(
            "\"%s\" of the shape %s does not have %,d bytes".formatted(name, shape, bytes));
      }
      return new Entry(name, extents, offsets.get(0), offsets.get(1));
    }

    private List<Long> numbers(String name, JsonNode node, String key, long most) {
      List<Long> numbers = new ArrayList<>();
      JsonNode array = node.path(key);
      if (!array.isArray() || array.size() > MOST_DIMENSIONS) {
        throw refusal("%s of \"%s\" is no short list".formatted(key, name));
      }
      for (JsonNode number : array) {
        if (!number.isIntegralNumber()
            || !number.canConvertToLong()
            || number.asLong() < 0
            || number.asLong() > most) {
          throw refusal(
              "%s of \"%s\" has %s, which is not from 0 to %,d".formatted(key, name, number, most));
        }
        numbers.add(number.asLong());
      }
      return numbers;
    }

    private UserError refusal(String reason) {
      return new UserError("%s is no sound safetensors file: %s".formatted(file, reason));
    }
  }

  /** Values of a tensor of this shape, or -1 where one array cannot hold them. */
  private static long count(List<Integer> shape) {
    long count = 1;
    for (int extent : shape) {
      if (extent == 0) {
        return 0;
      }
      count *= extent;
      if (count > LARGEST_ARRAY) {
        return -1;
      }
    }
    return count;
  }
}
