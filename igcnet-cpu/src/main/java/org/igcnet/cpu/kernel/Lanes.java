package org.igcnet.cpu.kernel;

/**
 * V, the number of images that are computed side by side: lane v of every vector belongs to image v
 * of a block of V images.
 */
public final class Lanes {
  /**
   * Floats before the first value of a large array, whose header ends 16 bytes after a boundary of
   * 64: every vector then lies within one cache line.
   */
  public static final int LEAD = 12;

  /** Floats of an array that is large: half a heap region of 1 MB. */
  public static final int LARGE = 1 << 17;

  /** The most that any machine has. */
  private static final int MOST = 16;

  /**
   * V: 4, 8 or 16 where kernels are usable. Without the vector module it cannot be known and is the
   * most, for plans of memory.
   */
  public static final int COUNT = VectorModule.available() ? Vectors.SPECIES.length() : MOST;

  private Lanes() {}

  /** Floats of the fewest vectors that hold so many. */
  public static int whole(int floats) {
    return Math.ceilDiv(floats, COUNT) * COUNT;
  }
}
