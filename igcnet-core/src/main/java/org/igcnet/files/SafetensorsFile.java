package org.igcnet.files;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.igcnet.UserError;
import org.igcnet.UserError.Kind;
import org.igcnet.files.Safetensors.Header;
import org.igcnet.files.SafetensorsHeader.Entry;

/**
 * An open file of the format that {@link Safetensors} describes. Its header is in memory, its
 * values are read when they are wanted, into arrays that are there. It stays the same file though
 * another takes its place; one that is written into between two readings is refused.
 */
public final class SafetensorsFile implements AutoCloseable {
  private final String name;
  private final SeekableByteChannel channel;
  private final Header header;
  private final Map<String, List<Integer>> shapes = new LinkedHashMap<>();
  private final Map<String, NumberType> types = new LinkedHashMap<>();

  /** The SHA-256 of the values, once they were read. */
  private Optional<String> seen = Optional.empty();

  private SafetensorsFile(String name, SeekableByteChannel channel, Header header) {
    this.name = name;
    this.channel = channel;
    this.header = header;
    for (Entry entry : header.entries()) {
      shapes.put(entry.name(), entry.shape());
      types.put(entry.name(), entry.type());
    }
  }

  /**
   * Opens a file and reads its header.
   *
   * @param file the file
   * @return the file, to be closed
   * @throws UserError where the file is missing, or is not exactly what this format says, or holds
   *     anything but 32-bit floats
   */
  public static SafetensorsFile open(Path file) {
    return open(file, EnumSet.of(NumberType.F32));
  }

  /**
   * As {@link #open}, of a file that another program may have written.
   *
   * @param file the file
   * @return the file, to be closed
   * @throws UserError where the file is missing, or is not exactly what this format says, or holds
   *     anything but a {@link NumberType}
   */
  public static SafetensorsFile openForeign(Path file) {
    return open(file, EnumSet.allOf(NumberType.class));
  }

  private static SafetensorsFile open(Path file, Set<NumberType> types) {
    try {
      PlainFile.require(file);
      return of(file.toString(), Files.newByteChannel(file), types);
    } catch (IOException e) {
      throw WholeFile.unreadable(file, e);
    }
  }

  /**
   * The file that some bytes are.
   *
   * @param name what refusals call it
   * @param bytes not copied
   * @return the file, to be closed
   * @throws UserError as {@link #open}
   */
  public static SafetensorsFile of(String name, byte[] bytes) {
    try {
      return of(name, new SeekableInMemoryByteChannel(bytes), EnumSet.of(NumberType.F32));
    } catch (IOException e) {
      throw WholeFile.unreadable(name, e);
    }
  }

  /**
   * {@return most bytes that a file of so many values can have}
   *
   * @param values of all tensors
   */
  public static long longest(long values) {
    return Long.BYTES + SafetensorsHeader.LONGEST + values * Float.BYTES;
  }

  private static SafetensorsFile of(String name, SeekableByteChannel channel, Set<NumberType> types)
      throws IOException {
    try {
      return new SafetensorsFile(name, channel, Safetensors.header(name, channel, types));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** {@return what else the file says, by key} */
  public SortedMap<String, String> metadata() {
    return header.metadata();
  }

  /** {@return the shape of each tensor, in the order of their values} */
  public Map<String, List<Integer>> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  /** {@return what the numbers of each tensor are, in the order of their values} */
  public Map<String, NumberType> types() {
    return Collections.unmodifiableMap(types);
  }

  /** {@return how many values all tensors have} */
  public long values() {
    return header.entries().stream().mapToLong(Entry::count).sum();
  }

  /** {@return the SHA-256 of the file's bytes, whatever their spacing and metadata} */
  public String sha256() {
    return withValues(header.sum().copy());
  }

  /**
   * {@return the SHA-256 that the file has without one key of its metadata, as this program writes
   * it}
   *
   * @param key the key that is left away
   */
  public String sha256Without(String key) {
    SortedMap<String, String> metadata = new TreeMap<>(header.metadata());
    metadata.remove(key);
    Sha256 sum = new Sha256();
    sum.add(Safetensors.headerBytes(metadata, header.entries()));
    return withValues(sum);
  }

  /** The SHA-256 of what went before and the values. */
  private String withValues(Sha256 sum) {
    Sha256 values = new Sha256();
    try {
      InputStream in = from(header.begin());
      byte[] bytes = new byte[Safetensors.CHUNK * Float.BYTES];
      for (int many = in.read(bytes); many >= 0; many = in.read(bytes)) {
        sum.add(bytes, many);
        values.add(bytes, many);
      }
    } catch (IOException e) {
      throw WholeFile.unreadable(name, e);
    }
    requireAsBefore(values);
    return sum.soFar();
  }

  /** What is read has to be what was hashed, though somebody writes into the file meanwhile. */
  private void requireAsBefore(Sha256 values) {
    String now = values.soFar();
    if (!now.equals(seen.orElse(now))) {
      throw new UserError(Kind.DAMAGED, "%s changed while it was read".formatted(name));
    }
    seen = Optional.of(now);
  }

  /**
   * Reads all values, as 32-bit floats.
   *
   * @param parts where each tensor's go, by name; those of others are passed over
   * @throws UserError where they are not those of which the SHA-256 was taken, or no float holds
   *     one
   */
  public void read(Map<String, FloatBuffer> parts) {
    try {
      Sha256 sum = new Sha256();
      DataInputStream in = new DataInputStream(from(header.begin()));
      byte[] bytes = new byte[Safetensors.CHUNK * Double.BYTES];
      ByteBuffer buffer = Safetensors.littleEndian(bytes);
      for (Entry entry : header.entries()) {
        Optional<FloatBuffer> to =
            Optional.ofNullable(parts.get(entry.name())).map(FloatBuffer::duplicate);
        int many;
        for (long left = entry.count(); left > 0; left -= many) {
          many = (int) Math.min(Safetensors.CHUNK, left);
          in.readFully(bytes, 0, many * entry.type().bytes());
          sum.add(bytes, many * entry.type().bytes());
          if (to.isPresent()) {
            entry.type().put(entry.name(), buffer, many, to.get());
          }
        }
      }
      requireAsBefore(sum);
    } catch (IOException e) {
      throw WholeFile.unreadable(name, e);
    }
  }

  private InputStream from(long position) throws IOException {
    return Channels.newInputStream(channel.position(position));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw WholeFile.unreadable(name, e);
    }
  }
}
