package org.igcnet.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * V, the number of images that are computed side by side: lane v of every vector belongs to image v
 * of a block of V images.
 */
public final class Lanes {
  /** The system property that sets the vectors' width in bits: 128, 256 or 512. */
  public static final String BITS_PROPERTY = "igcnet.vector.bits";

  static final VectorSpecies<Float> SPECIES = species(System.getProperty(BITS_PROPERTY));

  /** V: 4, 8 or 16. */
  public static final int COUNT = SPECIES.length();

  /**
   * Whether there are 32 vector registers (AVX-512, 64-bit Arm), not 16: kernels then keep more
   * sums.
   */
  static final boolean MANY_REGISTERS =
      FloatVector.SPECIES_PREFERRED.length() == 16
          || System.getProperty("os.arch").equals("aarch64");

  private Lanes() {}

  private static VectorSpecies<Float> species(@Nullable String bits) {
    if (bits == null) {
      return FloatVector.SPECIES_PREFERRED;
    }
    return switch (bits) {
      case "128" -> FloatVector.SPECIES_128;
      case "256" -> FloatVector.SPECIES_256;
      case "512" -> FloatVector.SPECIES_512;
      default ->
          throw new IllegalArgumentException(
              BITS_PROPERTY + " is 128, 256 or 512, not \"" + bits + "\"");
    };
  }
}
