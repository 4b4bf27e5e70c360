package org.igcnet.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.InflaterInputStream;
import org.igcnet.data.Survey.Reading;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a PNG file: a length of four bytes, a name of four letters, what the length counts,
 * and a checksum of four bytes.
 */
final class PngChunks {
  private static final int SIGNATURE = 8;
  private static final int AROUND = 12;
  private static final int COLOUR_TYPE = 25;
  private static final int PALETTE = 3;

  /** What pixels are made of. */
  private static final Set<String> NEEDED = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");

  /** Real ones have up to some two million. */
  private static final int MOST_PROFILE_BYTES = 1 << 23;

  private final byte[] file;
  private Orientation orientation = Orientation.UPRIGHT;
  private byte @Nullable [] profile;

  /** What pixels are made of, one chunk after the other, and its length. */
  private final byte[] needed;

  private int kept;

  /** The reader keeps all chunks of a picture with a palette, so it gets those alone. */
  private PngChunks(byte[] file) {
    this.file = file;
    boolean palette = file.length > COLOUR_TYPE && file[COLOUR_TYPE] == PALETTE;
    this.needed = palette ? new byte[file.length] : new byte[0];
  }

  static Survey survey(byte[] file) {
    PngChunks chunks = new PngChunks(file);
    chunks.walk();
    ByteBuffer read =
        chunks.kept == 0 ? ByteBuffer.wrap(file) : ByteBuffer.wrap(chunks.needed, 0, chunks.kept);
    return new Survey(read, Reading.ROWS, chunks.orientation, ColourProfile.of(chunks.profile));
  }

  private void walk() {
    keep(0, SIGNATURE);
    ByteBuffer numbers = ByteBuffer.wrap(file);
    int at = SIGNATURE;
    while (at + AROUND <= file.length) {
      int length = numbers.getInt(at);
      if (length < 0 || length > file.length - at - AROUND) {
        break;
      }
      take(new String(file, at + 4, 4, StandardCharsets.ISO_8859_1), at, length);
      at += AROUND + length;
    }
    // What ends in the middle of a chunk is for the reader to meet.
    keep(at, file.length - at);
  }

  private void take(String name, int at, int length) {
    int data = at + AROUND - 4;
    if (NEEDED.contains(name)) {
      keep(at, AROUND + length);
    } else if (name.equals("iCCP") && profile == null) {
      profile = inflated(data, length);
    } else if (name.equals("eXIf")) {
      orientation = Orientation.of(ByteBuffer.wrap(file, data, length).slice());
    }
  }

  private void keep(int at, int length) {
    if (needed.length > 0) {
      System.arraycopy(file, at, needed, kept, length);
      kept += length;
    }
  }

  /** A name that ends with a zero, the number 0 of the compression, and then the profile. */
  private byte @Nullable [] inflated(int at, int length) {
    int start = at;
    while (start < at + length && file[start] != 0) {
      start++;
    }
    int from = Math.min(start + 2, at + length);
    ByteArrayInputStream packed = new ByteArrayInputStream(file, from, at + length - from);
    try (InputStream in = new InflaterInputStream(packed)) {
      byte[] inflated = in.readNBytes(MOST_PROFILE_BYTES + 1);
      return inflated.length > MOST_PROFILE_BYTES ? null : inflated;
    } catch (IOException damaged) {
      return null;
    }
  }
}
