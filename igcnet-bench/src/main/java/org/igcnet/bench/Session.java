package org.igcnet.bench;

/** A contender with all its memory, ready to run. */
interface Session {
  /** Does the work of one measurement. */
  void step();

  /** What it chose by itself, for example a memory format; empty where there was no choice. */
  default String choice() {
    return "";
  }
}
