package org.igcnet.cpu;

import org.igcnet.UserError;
import org.igcnet.cpu.kernel.Lanes;

/** The JVM's vector module, which Java leaves out unless it is asked for. */
final class VectorModule {
  private VectorModule() {}

  /**
   * Asks before the first kernel is touched.
   *
   * @throws UserError where Java was started without the module
   */
  static void require() {
    if (!Lanes.available()) {
      throw new UserError(
          "the engine needs the Java module "
              + Lanes.MODULE
              + ", which was left out; java takes it with --add-modules "
              + Lanes.MODULE);
    }
  }
}
