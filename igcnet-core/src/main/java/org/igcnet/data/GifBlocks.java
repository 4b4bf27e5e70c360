package org.igcnet.data;

import java.io.IOException;
import org.igcnet.data.Survey.Reading;

/** What stands in a GIF file before its first picture. */
final class GifBlocks {
  private static final int HEADER = 13;
  private static final int FLAGS = 10;
  private static final int HAS_COLOURS = 0x80;
  private static final int LOGARITHM_OF_COLOURS = 0x07;
  private static final int EXTENSION = 0x21;

  /** The reader's time goes with the square of them. */
  private static final int MOST_BYTES = 1 << 20;

  private GifBlocks() {}

  /** Refuses files with megabytes of comments and the like before the picture. */
  static Survey survey(byte[] file) throws IOException {
    int first = HEADER;
    if (file.length > FLAGS && (file[FLAGS] & HAS_COLOURS) != 0) {
      first += 3 << (1 + (file[FLAGS] & LOGARITHM_OF_COLOURS));
    }
    int at = first;
    while (at + 1 < file.length && file[at] == EXTENSION) {
      at += 2;
      while (at < file.length && file[at] != 0) {
        at += 1 + (file[at] & 0xFF);
      }
      at++;
      if (at - first > MOST_BYTES) {
        throw new IOException(
            "it has more than %,d bytes before its first picture".formatted(MOST_BYTES));
      }
    }
    return Survey.of(file, Reading.ROWS);
  }
}
