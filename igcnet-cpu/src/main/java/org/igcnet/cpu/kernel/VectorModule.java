package org.igcnet.cpu.kernel;

import org.igcnet.UserError;

/** The JVM's vector module, which Java leaves out unless it is asked for. */
public final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Whether Java was started with it. */
  static boolean available() {
    return ModuleLayer.boot().findModule(NAME).isPresent();
  }

  /**
   * Asks before the first kernel is touched.
   *
   * @throws UserError where Java was started without the module
   */
  public static void require() {
    if (!available()) {
      throw new UserError(
          "the engine needs the Java module "
              + NAME
              + ", which was left out; java takes it with --add-modules "
              + NAME);
    }
  }
}
