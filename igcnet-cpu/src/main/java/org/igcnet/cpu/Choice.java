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

  /**
   * By this system property a program says that it computes too little for vectors to pay, which
   * the compiler first has to make instructions of.
   */
  private static final String UNWANTED_PROPERTY = "igcnet.vectors.unwanted";

  private static final Logger LOGGER = System.getLogger("org.igcnet");
  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private Choice() {}

  private static boolean wanted() {
    return !Boolean.getBoolean(UNWANTED_PROPERTY);
  }

  /** Whether there are vectors and they are wanted. */
  static boolean taken() {
    return wanted() && VectorModule.usable();
  }

  /** Whether memory is to be planned for vectors. */
  static boolean planned() {
    return taken() || (Boolean.getBoolean(PLANNED_PROPERTY) && !VectorModule.available());
  }

  /**
   * Whether to compute with vectors. Where they are wanted and there are none, it says so, once in
   * a process.
   */
  static boolean vectors() {
    boolean taken = taken();
    if (!taken && wanted() && TOLD.compareAndSet(false, true)) {
      LOGGER.log(
          Level.WARNING,
          "networks are computed by plain loops, several times slower: " + VectorModule.missing());
    }
    return taken;
  }
}
