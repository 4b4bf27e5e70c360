package org.igcnet.data;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a look over a picture file tells before any of it is decoded.
 *
 * @param file what its reader is given, up to the buffer's limit
 * @param reading how that reader goes about it
 * @param orientation how the picture lies in it
 * @param profile that of its colours, where there is one to apply that the reader does not
 */
record Survey(
    ByteBuffer file, Reading reading, Orientation orientation, Optional<ColourProfile> profile) {
  /**
   * How a reader goes about a file.
   *
   * @param beside bytes that it takes for each pixel, beside the picture that it makes
   * @param whole whether it takes them for the whole picture, however few rows are wanted
   * @param passes how often it goes over all pixels
   */
  record Reading(int beside, boolean whole, int passes) {
    /** Row by row into the picture. */
    static final Reading ROWS = new Reading(0, false, 1);
  }

  /**
   * Of a file that says nothing of how it lies, and whose colours are the screen's or its reader's.
   */
  static Survey of(byte[] file, Reading reading) {
    return new Survey(ByteBuffer.wrap(file), reading, Orientation.UPRIGHT, Optional.empty());
  }
}
