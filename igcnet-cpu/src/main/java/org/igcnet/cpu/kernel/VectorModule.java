package org.igcnet.cpu.kernel;

import org.igcnet.UserError;

/** The JVM's vector module, which Java leaves out unless it is asked for. */
public final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  /** The fewest lanes that kernels can compute with. */
  private static final int FEWEST = 4;

  private VectorModule() {}

  /** Whether Java was started with it. */
  public static boolean available() {
    return ModuleLayer.boot().findModule(NAME).isPresent();
  }

  /** Whether kernels can be used: Java was started with it, and has vectors of 128 bits or more. */
  public static boolean usable() {
    return available() && Vectors.SPECIES.length() >= FEWEST;
  }

  /** Why kernels cannot be used, where they cannot. */
  public static String missing() {
    return available()
        ? "this Java has no vectors of 128 bits on this machine"
        : "Java was started without its module %s; java takes it with --add-modules %s"
            .formatted(NAME, NAME);
  }

  /**
   * Asks before the first kernel is touched.
   *
   * @throws UserError where kernels cannot be used
   */
  public static void require() {
    if (!usable()) {
      throw new UserError("the engine needs vectors: " + missing());
    }
  }
}
