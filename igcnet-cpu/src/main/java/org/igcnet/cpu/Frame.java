package org.igcnet.cpu;

import org.igcnet.cpu.kernel.Rows;

/**
 * The batch at hand, and how a pass divides it: a task is a range of rows of a block of V images.
 * The division depends on the layer and the batch alone, so that sums are added in the same order
 * for any number of threads.
 *
 * @param layout which image sits where
 * @param parts ranges of rows that each block is divided into
 * @param mode what batch normalisation normalises with
 */
record Frame(BatchLayout layout, int parts, Network.Mode mode) {
  /**
   * What a second thread on a block costs: rows at the border of two tasks are computed by both,
   * which one thread that takes both tasks does not have to do.
   */
  private static final double APART = 1.15;

  /** Number of tasks of the pass. */
  int tasks() {
    return layout.blocks() * parts;
  }

  /**
   * How many tasks one after the other a thread takes at a time: all of a block, or one where that
   * keeps the threads busier. Results do not depend on it.
   */
  int stretch(int threads) {
    int whole = Math.ceilDiv(layout.blocks(), threads) * parts;
    double apart = APART * Math.ceilDiv(tasks(), threads);
    return apart < whole ? 1 : parts;
  }

  /**
   * Adds up what tasks have: those of each group one after the other, then the groups by their
   * tree.
   *
   * @param partials the tasks' sums; the first one's becomes the whole
   * @param step floats between two tasks' sums
   * @param count of a sum
   */
  void sum(float[] partials, int step, int count) {
    int groups = layout.groups();
    for (int group = 0; group < groups; group++) {
      int first = firstTask(group);
      for (int task = first + 1; task < firstTask(group + 1); task++) {
        Rows.add(partials, task * step, partials, first * step, count);
      }
    }
    layout.addGroups(
        (from, to) ->
            Rows.add(partials, firstTask(from) * step, partials, firstTask(to) * step, count));
  }

  private int firstTask(int group) {
    return layout.firstBlock(group) * parts;
  }

  int block(int task) {
    return task / parts;
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
