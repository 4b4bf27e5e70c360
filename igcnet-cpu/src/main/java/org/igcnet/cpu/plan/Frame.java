package org.igcnet.cpu.plan;

/**
 * The batch at hand, and how a pass divides it: a task is a range of rows of a block of V images.
 * The division depends on the layer and the batch alone, so that sums are added in the same order
 * for any number of threads.
 *
 * @param layout which image sits where
 * @param parts ranges of rows that each block is divided into
 * @param mode what batch normalisation normalises with
 */
public record Frame(BatchLayout layout, int parts, Mode mode) {
  /** What batch normalisation normalises with. */
  public enum Mode {
    /** The batch's own statistics; the running averages move towards them. */
    TRAINING,
    /** The running averages. */
    INFERENCE
  }

  /**
   * What a second thread on a block costs: rows at the border of two tasks are computed by both,
   * which one thread that takes both tasks does not have to do.
   */
  private static final double APART = 1.15;

  /** Number of tasks of the pass. */
  public int tasks() {
    return layout.blocks() * parts;
  }

  /**
   * How many tasks one after the other a thread takes at a time: all of a block, or one where that
   * keeps the threads busier. Results do not depend on it.
   */
  public int stretch(int threads) {
    int whole = Math.ceilDiv(layout.blocks(), threads) * parts;
    double apart = APART * Math.ceilDiv(tasks(), threads);
    return apart < whole ? 1 : parts;
  }

  /** The task that a group begins with; that of the group after the last is the end. */
  public int firstTask(int group) {
    return layout.firstBlock(group) * parts;
  }

  public int block(int task) {
    return task / parts;
  }

  /** First row of a task in a map of {@code height} rows. */
  public int rowFrom(int task, int height) {
    return height * (task % parts) / parts;
  }

  /** The row after a task's last. */
  public int rowTo(int task, int height) {
    return height * (task % parts + 1) / parts;
  }

  /** Living lanes of a task's block. */
  public int living(int task) {
    return layout.living(block(task));
  }

  /** Which statistics a task's block is normalised with. */
  public int group(int task) {
    return mode == Mode.INFERENCE ? 0 : layout.group(block(task));
  }
}
