package org.igcnet.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.igcnet.data.Survey.Reading;

/**
 * The segments of a JPEG file: a byte 0xFF, the marker, a length of two bytes, and what it counts.
 */
final class JpegSegments {
  /** A file has some ten, or a few hundred where XMP is cut into pieces. */
  private static final int MOST_SEGMENTS = 10_000;

  private static final int FIRST_FRAME = 0xC0;
  private static final int PROGRESSIVE = 0xC2;
  private static final int LOSSLESS = 0xC3;
  private static final int HUFFMAN_TABLES = 0xC4;
  private static final int EXTENSION = 0xC8;
  private static final int ARITHMETIC_TABLES = 0xCC;
  private static final int LAST_FRAME = 0xCF;
  private static final int FIRST_RESTART = 0xD0;
  private static final int START = 0xD8;
  private static final int END = 0xD9;
  private static final int SCAN = 0xDA;
  private static final int EXIF = 0xE1;
  private static final int PROFILE = 0xE2;
  private static final int ADOBE = 0xEE;
  private static final byte[] EXIF_NAME = "Exif\0".getBytes(StandardCharsets.US_ASCII);

  /** Behind "Exif" stand two zeros. */
  private static final int EXIF_HEADER = EXIF_NAME.length + 1;

  private final byte[] file;
  private int segments;
  private int scans;

  /** Components that the first scan holds. */
  private int inFirstScan;

  /** Of the frame; 0 where there was none yet. */
  private int marker;

  private int components;

  /** Whether the frame's components are numbered 1, 2, 3 as JFIF and EXIF want it. */
  private boolean usual;

  private boolean converted;
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean oriented;

  private JpegSegments(byte[] file) {
    this.file = file;
  }

  static Survey survey(byte[] file) throws IOException {
    JpegSegments segments = new JpegSegments(file);
    segments.walk();
    return new Survey(
        ByteBuffer.wrap(file), segments.reading(), segments.orientation, Optional.empty());
  }

  /**
   * The usual are decoded into the picture. Others, and those with a profile, are decoded first and
   * converted then; lossless ones come into whole numbers of four bytes.
   */
  private Reading reading() {
    if (marker == LOSSLESS) {
      return new Reading(Integer.BYTES * components, true, scans);
    }
    return new Reading(usual && !converted ? 0 : components, false, scans);
  }

  private void walk() throws IOException {
    int at = 2;
    while (at + 1 < file.length && !decodedInOneScan()) {
      if (file[at] != (byte) 0xFF) {
        at++; // of a scan, or of nothing
        continue;
      }
      int found = unsigned(at + 1);
      if (found == END) {
        return;
      }
      if (found == 0xFF) {
        at++; // may stand before any marker
      } else if (found <= 1 || (found >= FIRST_RESTART && found <= START)) {
        at += 2; // has no length
      } else {
        at += 2 + take(found, at + 2);
      }
    }
  }

  /** Whether all components came in the one scan of a file that is not progressive. */
  private boolean decodedInOneScan() {
    return scans == 1 && marker != PROGRESSIVE && inFirstScan >= components;
  }

  /** Takes note of a segment, and says how long it is. */
  private int take(int found, int at) throws IOException {
    if (++segments > MOST_SEGMENTS) {
      throw new IOException("it has more than %,d segments".formatted(MOST_SEGMENTS));
    }
    if (at + 1 >= file.length) {
      return 0;
    }
    int length = unsigned(at) << 8 | unsigned(at + 1);
    ByteBuffer data =
        ByteBuffer.wrap(file, at + 2, Math.clamp(length - 2, 0, file.length - at - 2)).slice();
    switch (found) {
      case SCAN -> {
        if (scans++ == 0 && data.hasRemaining()) {
          inFirstScan = data.get(0);
        }
      }
      case PROFILE, ADOBE -> converted = true;
      case EXIF -> takeExif(data);
      default -> {
        if (isFrame(found)) {
          takeFrame(found, data);
        }
      }
    }
    return Math.max(length, 2);
  }

  private static boolean isFrame(int found) {
    return found >= FIRST_FRAME
        && found <= LAST_FRAME
        && found != HUFFMAN_TABLES
        && found != EXTENSION
        && found != ARITHMETIC_TABLES;
  }

  /** Precision, rows, columns, and for each component its number and two bytes more. */
  private void takeFrame(int found, ByteBuffer data) {
    if (data.remaining() < 6) {
      return;
    }
    marker = found;
    components = data.get(5) & 0xFF;
    usual = components == 1 || components == 3;
    for (int i = 0; usual && components == 3 && i < components; i++) {
      usual = 6 + 3 * i < data.limit() && data.get(6 + 3 * i) == i + 1;
    }
  }

  private void takeExif(ByteBuffer data) {
    boolean named =
        data.remaining() >= EXIF_HEADER
            && data.slice(0, EXIF_NAME.length).equals(ByteBuffer.wrap(EXIF_NAME));
    if (named && !oriented && scans == 0) {
      orientation = Orientation.of(data.slice(EXIF_HEADER, data.limit() - EXIF_HEADER));
      oriented = true;
    }
  }

  private int unsigned(int at) {
    return file[at] & 0xFF;
  }
}
