package org.igcnet.bench;

/** A contender with all its memory, ready to run. */
interface Session {
  /** Does the work of one measurement. */
  void step();
}
