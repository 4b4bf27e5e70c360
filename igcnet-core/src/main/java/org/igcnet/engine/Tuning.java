package org.igcnet.engine;

/**
 * How work is cut. The cut changes speed, and in what order sums are added, so it must not depend
 * on the number of threads.
 *
 * @param stripBytes what a thread's strip of rows may take: most of a core's second-level cache
 * @param tasks blocks of images are divided into ranges of rows until there are this many
 */
record Tuning(int stripBytes, int tasks) {
  static final Tuning DEFAULT = new Tuning(3 << 19, 4);
}
