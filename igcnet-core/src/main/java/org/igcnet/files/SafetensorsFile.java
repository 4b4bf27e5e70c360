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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.igcnet.UserError;
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

  /** The SHA-256 of the values, once they were read. */
  private Optional<String> seen = Optional.empty();

  private SafetensorsFile(String name, SeekableByteChannel channel, Header header) {
    this.name = name;
    this.channel = channel;
    this.header = header;
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
    try {
      return of(file.toString(), Files.newByteChannel(file));
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
      return of(name, new SeekableInMemoryByteChannel(bytes));
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

  private static SafetensorsFile of(String name, SeekableByteChannel channel) throws IOException {
    try {
      return new SafetensorsFile(name, channel, Safetensors.header(name, channel));
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
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    header.entries().forEach(entry -> shapes.put(entry.name(), entry.shape()));
    return shapes;
  }

  /** {@return how many values all tensors have} */
  public long values() {
    return header.entries().stream().mapToLong(entry -> entry.end() - entry.begin()).sum()
        / Float.BYTES;
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
      throw new UserError("%s changed while it was read".formatted(name));
    }
    seen = Optional.of(now);
  }

  /**
   * Reads all values.
   *
   * @param parts where each tensor's go, by name
   * @throws UserError where they are not those of which the SHA-256 was taken
   */
  void read(Map<String, FloatBuffer> parts) {
    try {
      Sha256 sum = new Sha256();
      DataInputStream in = new DataInputStream(from(header.begin()));
      byte[] bytes = new byte[Safetensors.CHUNK * Float.BYTES];
      ByteBuffer buffer = Safetensors.littleEndian(bytes);
      for (Entry entry : header.entries()) {
        FloatBuffer part = parts.get(entry.name());
        if (part == null) {
          throw new IllegalArgumentException("nothing takes the values of " + entry.name());
        }
        FloatBuffer to = part.duplicate();
        while (to.hasRemaining()) {
          int many = Math.min(Safetensors.CHUNK, to.remaining());
          in.readFully(bytes, 0, many * Float.BYTES);
          sum.add(bytes, many * Float.BYTES);
          to.put(buffer.asFloatBuffer().limit(many));
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
