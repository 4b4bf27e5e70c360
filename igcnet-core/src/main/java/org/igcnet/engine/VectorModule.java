package org.igcnet.engine;

import org.igcnet.UserError;

/** The JVM's vector module, which Java leaves out unless it is asked for. */
final class VectorModule {
  private static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /**
   * Asks before the first kernel is touched.
   *
   * @throws UserError where Java was started without the module
   */
  static void require() {
    if (ModuleLayer.boot().findModule(NAME).isEmpty()) {
      throw new UserError(
          "the engine needs the Java module "
              + NAME
              + ", which was left out; start igcnet with its launcher, or java with --add-modules "
              + NAME);
    }
  }
}
