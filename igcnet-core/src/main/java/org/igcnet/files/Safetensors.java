package org.igcnet.files;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
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
import org.igcnet.files.SafetensorsHeader.Entry;

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

  /** Values that are read or written at once. */
  static final int CHUNK = 1 << 16;

  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  /** One tensor. */
  public static final class Stored {
    private final String name;
    private final List<Integer> shape;
    private final FloatBuffer values;

    /**
     * A tensor of the values in an array.
     *
     * @param name its name, none twice in a file
     * @param shape its extents; none for a single number
     * @param values as many as the shape says, row-major; not copied
     */
    public Stored(String name, List<Integer> shape, float[] values) {
      this(name, shape, FloatBuffer.wrap(values));
    }

    /**
     * As {@link #Stored(String, List, float[])}, of values in a part of an array.
     *
     * @param values those from the position to the limit
     */
    Stored(String name, List<Integer> shape, FloatBuffer values) {
      if (count(shape) != values.remaining()) {
        throw new IllegalArgumentException(
            "%s of the shape %s does not have %d values"
                .formatted(name, shape, values.remaining()));
      }
      this.name = name;
      this.shape = List.copyOf(shape);
      this.values = values;
    }

    /** {@return its name} */
    public String name() {
      return name;
    }

    /** {@return its extents} */
    public List<Integer> shape() {
      return shape;
    }

    /** {@return a copy of the values} */
    public float[] values() {
      float[] copy = new float[values.remaining()];
      values.duplicate().get(copy);
      return copy;
    }
  }

  /**
   * What a file says before its values.
   *
   * @param begin where the values begin
   * @param sum of all bytes before that, as they were read
   */
  record Header(SortedMap<String, String> metadata, List<Entry> entries, long begin, Sha256 sum) {}

  /**
   * Copies the map and the list.
   *
   * @throws IllegalArgumentException where two tensors have one name
   */
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

  /** {@return the SHA-256 of the file that {@link #write} makes, in hexadecimal} */
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
   * @param file the file
   * @throws UserError where it cannot be written
   */
  public void write(Path file) {
    WholeFile.write(file, this::write);
  }

  /**
   * Writes the file's bytes.
   *
   * @param out is left open
   * @throws IOException where {@code out} throws it
   */
  public void write(OutputStream out) throws IOException {
    out.write(headerBytes(metadata, entries()));
    byte[] bytes = new byte[CHUNK * Float.BYTES];
    ByteBuffer buffer = littleEndian(bytes);
    for (Stored tensor : tensors) {
      for (FloatBuffer left = tensor.values.duplicate(); left.hasRemaining(); ) {
        int many = Math.min(CHUNK, left.remaining());
        buffer.asFloatBuffer().put(0, left, left.position(), many);
        out.write(bytes, 0, many * Float.BYTES);
        left.position(left.position() + many);
      }
    }
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    long begin = 0;
    for (Stored tensor : tensors) {
      long end = begin + (long) tensor.values.remaining() * Float.BYTES;
      entries.add(new Entry(tensor.name, NumberType.F32, tensor.shape, begin, end));
      begin = end;
    }
    return entries;
  }

  /** The header with its length before it. */
  static byte[] headerBytes(SortedMap<String, String> metadata, List<Entry> entries) {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(SafetensorsHeader.METADATA, metadata);
    }
    for (Entry entry : entries) {
      Map<String, Object> said = new LinkedHashMap<>();
      said.put("dtype", entry.type().name());
      said.put("shape", entry.shape());
      said.put("data_offsets", List.of(entry.begin(), entry.end()));
      header.put(entry.name(), said);
    }
    byte[] json = JsonDocument.line(header).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
    byte[] bytes = new byte[Long.BYTES + padded];
    Arrays.fill(bytes, (byte) ' ');
    littleEndian(bytes).putLong(padded).put(json);
    return bytes;
  }

  static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a file into memory. Nothing is allocated that the file is not as large as.
   *
   * @param file the file
   * @return the tensors with their values
   * @throws UserError where the file is missing, or is not exactly what this format says, or holds
   *     anything but 32-bit floats
   */
  public static Safetensors read(Path file) {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      Map<String, FloatBuffer> values = new LinkedHashMap<>();
      List<Stored> tensors = new ArrayList<>();
      open.shapes()
          .forEach(
              (name, shape) -> {
                FloatBuffer own = FloatBuffer.allocate((int) count(shape));
                values.put(name, own);
                tensors.add(new Stored(name, shape, own));
              });
      open.read(values);
      return new Safetensors(open.metadata(), tensors);
    }
  }

  /** Reads what stands before the values. */
  static Header header(String file, SeekableByteChannel channel, Set<NumberType> types)
      throws IOException {
    return new Reader(file, channel.size(), types)
        .read(new DataInputStream(Channels.newInputStream(channel)));
  }

  /**
   * Reads one file, which it takes to be hostile.
   *
   * @param file where it is, for refusals
   * @param size bytes in it
   * @param types what numbers are read
   */
  private record Reader(String file, long size, Set<NumberType> types) {
    Header read(DataInputStream in) throws IOException {
      if (size < Long.BYTES) {
        throw refusal("it has %,d bytes, fewer than the header's length takes".formatted(size));
      }
      byte[] prefix = new byte[Long.BYTES];
      in.readFully(prefix);
      long length = littleEndian(prefix).getLong();
      if (length < 2 || length > SafetensorsHeader.LONGEST || length > size - Long.BYTES) {
        throw refusal(
            "a header of %s bytes does not fit a file of %,d bytes"
                .formatted(Long.toUnsignedString(length), size));
      }
      byte[] text = in.readNBytes((int) length);
      SafetensorsHeader header =
          SafetensorsHeader.read(file, text, size - Long.BYTES - length, types);
      Sha256 sum = new Sha256();
      sum.add(prefix);
      sum.add(text);
      return new Header(header.metadata(), header.entries(), Long.BYTES + length, sum);
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
