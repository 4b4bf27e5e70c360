package org.igcnet.engine;

/**
 * The batch at hand, and how its work is divided: a task is a block of V images, or a range of its
 * rows. The division depends on the batch alone, so that sums are added in the same order for any
 * number of threads.
 *
 * @param layout which image sits where
 * @param parts ranges of rows that each block is divided into
 * @param mode what batch normalisation normalises with
 */
record Frame(BatchLayout layout, int parts, Network.Mode mode) {
  /** Number of tasks of every pass. */
  int tasks() {
    return layout.blocks() * parts;
  }

  int block(int task) {
    return task / parts;
  }

  /** Whether a task is the first of its block. */
  boolean leads(int task) {
    return task % parts == 0;
  }

  /** First row of a task in a map of {@code height} rows. */
  int rowFrom(int task, int height) {
    return height * (task % parts) / parts;
  }

  /** The row after a task's last. */
  int rowTo(int task, int height) {
    return height * (task % parts + 1) / parts;
  }

  /** Living lanes of a task's block. */
  int living(int task) {
    return layout.living(block(task));
  }

  /** Which statistics a task's block is normalised with. */
  int group(int task) {
    return mode == Network.Mode.INFERENCE ? 0 : layout.group(block(task));
  }
}
