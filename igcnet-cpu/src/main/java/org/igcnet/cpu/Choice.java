package org.igcnet.cpu;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import org.igcnet.cpu.kernel.VectorModule;

/** Whether networks are computed with vectors or by plain loops. */
final class Choice {
  /**
   * By this system property a program says that it computes nothing, and plans memory for one that
   * is started with the vector module.
   */
  private static final String PLANNED_PROPERTY = "igcnet.vectors.planned";

  private static final Logger LOGGER = System.getLogger("org.igcnet");
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private Choice() {}

  /** Whether memory is to be planned for vectors. */
  static boolean planned() {
    return VectorModule.usable()
        || (Boolean.getBoolean(PLANNED_PROPERTY) && !VectorModule.available());
  }

  /** Whether to compute with vectors. Where there are none, it says so, once in a process. */
  static boolean vectors() {
    boolean usable = VectorModule.usable();
    if (!usable && TOLD.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "networks are computed by plain loops, several times slower: " + VectorModule.missing());
    }
    return usable;
  }
}
