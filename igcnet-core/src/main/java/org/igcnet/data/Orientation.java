package org.igcnet.data;

import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.stream.ImageInputStream;

/**
 * How a picture lies in its file, as EXIF tells it. The upright picture is the stored one, its rows
 * made columns where {@code transposed}, then turned round left to right and upside down.
 */
enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  UPSIDE_DOWN_MIRRORED(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_LEFT(true, true, false),
  TURNED_MIRRORED(true, true, true),
  TURNED_RIGHT(true, false, true);

  /** May stand before EXIF. */
  private static final byte[] NAME = {'E', 'x', 'i', 'f', 0, 0};

  final boolean transposed;
  final boolean leftToRight;
  final boolean upsideDown;

  Orientation(boolean transposed, boolean leftToRight, boolean upsideDown) {
    this.transposed = transposed;
    this.leftToRight = leftToRight;
    this.upsideDown = upsideDown;
  }

  /** What EXIF says; upright where it says nothing, or nothing that can be understood. */
  static Orientation of(ByteBuffer exif) {
    int from = exif.mismatch(ByteBuffer.wrap(NAME)) == NAME.length ? NAME.length : 0;
    byte[] tiff = new byte[exif.limit() - from];
    exif.get(from, tiff);
    try (ImageInputStream in = new ByteArrayImageInputStream(tiff)) {
      Entry entry = new TIFFReader().read(in).getEntryById(TIFF.TAG_ORIENTATION);
      boolean known =
          entry != null
              && entry.getValue() instanceof Number number
              && number.intValue() >= 1
              && number.intValue() <= values().length;
      return known ? values()[((Number) entry.getValue()).intValue() - 1] : UPRIGHT;
    } catch (IOException | RuntimeException unreadable) {
      return UPRIGHT;
    }
  }

  /**
   * Where a part of the upright picture lies in the stored one.
   *
   * @param width columns of the upright picture
   * @param height rows of the upright picture
   */
  Window stored(Window upright, int width, int height) {
    int left = leftToRight ? width - upright.left() - upright.width() : upright.left();
    int top = upsideDown ? height - upright.top() - upright.height() : upright.top();
    return transposed
        ? new Window(top, left, upright.height(), upright.width())
        : new Window(left, top, upright.width(), upright.height());
  }
}
