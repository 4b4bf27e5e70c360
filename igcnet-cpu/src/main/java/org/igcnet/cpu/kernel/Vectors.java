package org.igcnet.cpu.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The vectors that kernels compute with. They stand apart from {@link Lanes}, so that a network's
 * memory can be planned where Java was started without the vector module.
 */
final class Vectors {
  /** The system property that sets the vectors' width in bits: 128, 256 or 512. */
  private static final String BITS_PROPERTY = "igcnet.vector.bits";

  static final VectorSpecies<Float> SPECIES = species(System.getProperty(BITS_PROPERTY));

  /** Words of 32 bits in as many lanes. */
  static final VectorSpecies<Integer> WORDS = VectorSpecies.of(int.class, SPECIES.vectorShape());

  /**
   * Whether there are 32 vector registers (AVX-512, 64-bit Arm), not 16: kernels then keep more
   * sums.
   */
  static final boolean MANY_REGISTERS =
      FloatVector.SPECIES_PREFERRED.length() == 16
          || System.getProperty("os.arch").equals("aarch64");

  private Vectors() {}

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
