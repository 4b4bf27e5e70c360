package org.igcnet.cpu.plan;

import org.igcnet.arch.Kernel;
import org.igcnet.arch.Operation.MaxPool;
import org.igcnet.cpu.kernel.Lanes;

/**
 * What a max pool takes of a thread's memory: the activation under some rows of windows, with its
 * border, its gradient, and what the windows come to, or the gradient of that.
 */
public final class PoolPlan {
  /** Rows of windows that a thread takes at a time. */
  public static final int ROWS = 8;

  private final MaxPool pool;
  private final int rowStep;
  private final int plane;

  public PoolPlan(MaxPool pool) {
    Kernel window = pool.kernel();
    int columns =
        Math.max(
            pool.from().width() + 2 * window.padColumns(),
            (pool.output().width() - 1) * pool.stride() + window.width());
    this.pool = pool;
    this.rowStep = columns * Lanes.COUNT;
    this.plane = ((ROWS - 1) * pool.stride() + window.height()) * rowStep;
  }

  /** What is planned. */
  public MaxPool pool() {
    return pool;
  }

  /** Floats of a row, wide enough for the last window, and for the border on both sides. */
  public int rowStep() {
    return rowStep;
  }

  /** Floats of all rows under the windows. */
  public int plane() {
    return plane;
  }

  /** Where a row of the activation begins, after its border. */
  public int place(int row) {
    return Lanes.LEAD + row * rowStep + pool.kernel().padColumns() * Lanes.COUNT;
  }

  /** Rows of the input whose gradient a strip completes: as many as its windows step over. */
  public int completeRows() {
    return (ROWS - 1) * pool.stride() - pool.kernel().height() + 1;
  }

  /** Where the gradient of the activation begins. */
  public int gradientAt() {
    return Lanes.LEAD + plane;
  }

  /** Where the rows of the windows begin. */
  public int windowsAt() {
    return gradientAt() + plane;
  }

  /** Floats of a row of windows. */
  public int windowsRow() {
    return pool.output().width() * Lanes.COUNT;
  }

  /** Floats of memory that a thread needs. */
  long scratch() {
    return windowsAt() + (long) ROWS * windowsRow();
  }
}
