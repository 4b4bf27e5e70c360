package org.igcnet.data;

/**
 * Hears how far long pieces of work with data are: reading them, looking through them, examining
 * them. It is given where data are opened, and told on any thread, by many at the same time.
 */
@FunctionalInterface
public interface WorkListener {
  /** Hears nothing. */
  WorkListener SILENT = (_, _, _, _) -> {};

  /**
   * Some more of a piece of work is done.
   *
   * @param what the work, for people: {@code looking at colours}
   * @param done how much of it, in {@code unit}
   * @param all the whole of it; 0 where nobody knows
   * @param unit what is counted: {@code pictures}
   */
  void progress(String what, long done, long all, String unit);
}
