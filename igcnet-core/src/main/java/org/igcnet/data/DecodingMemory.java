package org.igcnet.data;

import java.util.concurrent.Semaphore;

/**
 * Memory that all threads which decode pictures share. Who wants more than is free waits until
 * others are done, and who wants more than there is waits for all of it. So how much there is says
 * when a picture is decoded, and never whether.
 *
 * <p>Who waits for {@link #PIXELS} may hold a share of {@link #FILES}, and not the other way round.
 */
final class DecodingMemory {
  private static final int MEGABYTE = 1 << 20;

  /** For the bytes of files. */
  static final DecodingMemory FILES = new DecodingMemory(32 * MEGABYTE);

  /** The most that one picture takes while it is decoded, beside its file. */
  static final int MOST_PIXELS = 128 * MEGABYTE;

  /** For pictures that are being decoded. */
  static final DecodingMemory PIXELS =
      new DecodingMemory(
          Math.max(MOST_PIXELS, 16L * MEGABYTE * Runtime.getRuntime().availableProcessors()));

  /** A semaphore counts in whole numbers of four bytes. */
  private static final int UNIT = 1 << 12;

  private final int most;
  private final Semaphore free;

  DecodingMemory(long bytes) {
    most = (int) (bytes / UNIT);
    free = new Semaphore(most, true);
  }

  /**
   * Bytes of the heap that all decoding together takes.
   *
   * @param longest bytes of the longest file
   */
  static long bytes(long longest) {
    return Math.max(FILES.bytes(), longest) + PIXELS.bytes();
  }

  private long bytes() {
    return (long) most * UNIT;
  }

  /** Takes a share for the time of some work. */
  void during(long bytes, Runnable work) {
    int units = (int) Math.clamp(Math.ceilDiv(bytes, (long) UNIT), 1L, (long) most);
    free.acquireUninterruptibly(units);
    try {
      work.run();
    } finally {
      free.release(units);
    }
  }
}
