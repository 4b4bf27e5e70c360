package org.igcnet.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.igcnet.data.Survey.Reading;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP file: a name of four letters, a length of four bytes, and what it counts,
 * filled up to an even number of bytes. Where there is more than pixels, the first is {@code VP8X},
 * with the size of all; a frame of an animation is a chunk of chunks.
 */
final class WebpChunks {
  private static final int HEADER = 12;
  private static final int AROUND = 8;
  private static final int FRAME_HEADER = 16;
  private static final int SIZE_IN_VP8X = 4;
  private static final int SIZE_IN_FRAME = 6;
  private static final int SIZE_IN_VP8L = 1;
  private static final int FOURTEEN_BITS = 0x3FFF;

  /** The small pictures that a picture is put together from take less than a byte a pixel. */
  private static final Reading LOSSLESS = new Reading(1, true, 1);

  private final ByteBuffer file;
  private @Nullable Size outer;
  private boolean pixels;
  private Orientation orientation = Orientation.UPRIGHT;

  private record Size(int columns, int rows) {}

  private WebpChunks(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Refuses files whose parts are of different sizes, and lossy ones: the reader gives those other
   * colours than they have, by ten and more of 255 in smooth parts.
   */
  static Survey survey(byte[] file) throws IOException {
    WebpChunks chunks = new WebpChunks(file);
    try {
      chunks.walk(HEADER, file.length);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("it ends too early", e);
    }
    return new Survey(ByteBuffer.wrap(file), LOSSLESS, chunks.orientation, Optional.empty());
  }

  private void walk(int from, int to) throws IOException {
    int at = from;
    boolean framed = false;
    while (at + AROUND <= to) {
      String name = new String(file.array(), at, 4, StandardCharsets.ISO_8859_1);
      int length = Math.clamp(Integer.toUnsignedLong(file.getInt(at + 4)), 0, to - at - AROUND);
      int data = at + AROUND;
      switch (name) {
        case "VP8X" -> outer = size(three(data + SIZE_IN_VP8X), three(data + SIZE_IN_VP8X + 3));
        case "ANMF" -> {
          if (!framed) {
            outer = size(three(data + SIZE_IN_FRAME), three(data + SIZE_IN_FRAME + 3));
            walk(data + FRAME_HEADER, data + length);
            framed = true;
          }
        }
        case "VP8 " -> throw new IOException("it is a lossy WebP; lossless ones can be read");
        case "VP8L" -> take(file.getInt(data + SIZE_IN_VP8L));
        case "EXIF" -> orientation = Orientation.of(file.slice(data, length));
        default -> {}
      }
      at = data + length + (length & 1);
    }
  }

  /** Of numbers that are one less. */
  private static Size size(int columns, int rows) {
    return new Size(columns + 1, rows + 1);
  }

  private int three(int at) {
    return (file.getShort(at) & 0xFFFF) | (file.get(at + 2) & 0xFF) << 16;
  }

  /** Of pixels: the reader would decode them in whatever size, and as often as they are there. */
  private void take(int sizes) throws IOException {
    Size inner = size(sizes & FOURTEEN_BITS, sizes >>> 14 & FOURTEEN_BITS);
    if (pixels || (outer != null && !outer.equals(inner))) {
      throw new IOException("it holds another picture than it says");
    }
    pixels = true;
  }
}
