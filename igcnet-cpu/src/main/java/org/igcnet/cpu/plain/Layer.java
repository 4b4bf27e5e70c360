package org.igcnet.cpu.plain;

/**
 * One operation of a network on a batch. It knows where its maps lie and which weights are its own,
 * and has no memory: that is the {@link Workspace}'s.
 *
 * <p>Every position of a map is written, zeros at its borders. Work is divided so that what a task
 * sums up does not depend on the number of threads.
 */
interface Layer {
  /** Computes what it writes from what it reads. */
  void forward(Workspace work);

  /**
   * Adds to the gradients of what it reads, and sets those of its weights, from the gradient of
   * what it writes.
   */
  void backward(Workspace work);

  /** Numbers that a group sums up for the gradients of the weights. */
  default long sums() {
    return 0;
  }

  /** Rows of {@value Loops#ROW} numbers that a thread needs. */
  default int rows() {
    return 0;
  }
}
