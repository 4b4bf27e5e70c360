package org.igcnet.model;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.igcnet.UserError;
import org.igcnet.model.SafetensorsHeader.Entry;

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
  private static final int ALIGNMENT = 8;
  private static final int CHUNK = 1 << 16;
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

  public Safetensors {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    tensors = List.copyOf(tensors);
    Set<String> names = new HashSet<>(Set.of(SafetensorsHeader.METADATA));
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
      header.put(SafetensorsHeader.METADATA, metadata);
    }
    long begin = 0;
    for (Stored tensor : tensors) {
      long end = begin + (long) tensor.values.length * Float.BYTES;
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", SafetensorsHeader.FLOATS);
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
      if (length < 2 || length > SafetensorsHeader.LONGEST || length > size - Long.BYTES) {
        throw refusal(
            "a header of %s bytes does not fit a file of %,d bytes"
                .formatted(Long.toUnsignedString(length), size));
      }
      SafetensorsHeader header =
          SafetensorsHeader.read(file, in.readNBytes((int) length), size - Long.BYTES - length);
      List<Stored> tensors = new ArrayList<>();
      for (Entry entry : header.entries()) {
        tensors.add(tensor(entry, in));
      }
      return new Safetensors(header.metadata(), tensors);
    }

    private static Stored tensor(Entry entry, DataInputStream in) throws IOException {
      float[] values = new float[(int) count(entry.shape())];
      byte[] bytes = new byte[Math.min(CHUNK, values.length) * Float.BYTES];
      ByteBuffer buffer = littleEndian(bytes);
      for (int at = 0; at < values.length; at += CHUNK) {
        int many = Math.min(CHUNK, values.length - at);
        in.readFully(bytes, 0, many * Float.BYTES);
        buffer.asFloatBuffer().get(values, at, many);
      }
      return new Stored(entry.name(), entry.shape(), values);
    }

    private UserError refusal(String reason) {
      return SafetensorsHeader.refusal(file, reason);
    }
  }

  /** Values of a tensor of this shape, or -1 where one array cannot hold them. */
  static long count(List<Integer> shape) {
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
