package org.igcnet.model;

/** Hears of a {@link TestPass}, on the thread that tests; what it throws ends the pass. */
public interface TestListener {
  /** Hears nothing. */
  TestListener SILENT = _ -> {};

  /**
   * A batch is done.
   *
   * @param images that were predicted so far
   */
  void tested(long images);

  /**
   * A picture cannot be decoded and was left out.
   *
   * @param sentence which, and what is wrong with it
   */
  default void skipped(String sentence) {}
}
