package org.igcnet.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.igcnet.data.Survey.Reading;

/** The header of a BMP file. */
final class BmpHeader {
  private static final int SIZE = 14;

  /** An old kind, which knows no compression. */
  private static final int OLD = 12;

  private static final int COMPRESSION = 30;
  private static final int JPEG = 4;
  private static final int PNG = 5;

  private BmpHeader() {}

  /** Refuses BMP files that only wrap a JPEG or PNG file, as printers are sent. */
  static Survey survey(byte[] file) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length >= COMPRESSION + Integer.BYTES && header.getInt(SIZE) != OLD) {
      int compression = header.getInt(COMPRESSION);
      if (compression == JPEG || compression == PNG) {
        throw new IOException("a JPEG or PNG picture is hidden in it");
      }
    }
    return Survey.of(file, Reading.ROWS);
  }
}
