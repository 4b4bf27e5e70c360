package org.igcnet.cpu.kernel;

/**
 * V, the number of images that are computed side by side: lane v of every vector belongs to image v
 * of a block of V images.
 */
public final class Lanes {
  /** The system property that sets the vectors' width in bits: 128, 256 or 512. */
  public static final String BITS_PROPERTY = "igcnet.vector.bits";

  /** The JVM's vector module, which Java leaves out unless it is asked for. */
  public static final String MODULE = "jdk.incubator.vector";

  /** The most that any machine has. */
  private static final int MOST = 16;

  /**
   * V: 4, 8 or 16. Without the vector module it cannot be known and is the most: nothing can be
   * computed then, but memory can be planned.
   */
  public static final int COUNT = available() ? Vectors.SPECIES.length() : MOST;

  private Lanes() {}

  /** Whether Java was started with the vector module. */
  public static boolean available() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }
}
