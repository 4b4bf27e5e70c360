package org.igcnet.cpu.memory;

import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.MapWindows;
import org.igcnet.cpu.kernel.Maps;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.StoredRows;
import org.igcnet.cpu.plan.Frame;

/** Where a thread works: the task before it, and memory of its own. */
public final class Desk {
  private final float[] scratch;
  private final Rows own = new Rows();
  private final Rows elsewhere = new Rows();
  private final StoredRows stored;
  private final StoredRows raw;
  private Frame frame;
  private int task;
  private boolean continues;
  private int block;
  private int group;
  private int living;

  /**
   * A desk with the first task of a frame.
   *
   * @param floats of memory of its own
   * @param precision of the feature maps
   */
  public Desk(Frame frame, long floats, Precision precision) {
    this.scratch = new float[MemoryPlan.length(floats, "the memory of a thread")];
    this.stored = MapWindows.of(precision);
    this.raw = MapWindows.of(precision);
    this.frame = frame;
    this.living = frame.living(0);
  }

  /**
   * Takes a task.
   *
   * @param continues whether the task before, of the same block, was done here just now
   */
  public void begin(Frame frame, int task, boolean continues) {
    this.frame = frame;
    this.task = task;
    this.continues = continues;
    this.block = frame.block(task);
    this.group = frame.group(task);
    this.living = frame.living(task);
  }

  /** Memory of its own, of which the next task may find what it left. */
  public float[] scratch() {
    return scratch;
  }

  /** The task's index. */
  public int task() {
    return task;
  }

  /** Whether the task before, of the same block, was done here just now. */
  public boolean continues() {
    return continues;
  }

  /** The block that the task is of. */
  public int block() {
    return block;
  }

  /** Which statistics the block is normalised with. */
  public int group() {
    return group;
  }

  /** Living lanes of the block. */
  public int living() {
    return living;
  }

  /** First row of the task in a map of {@code height} rows. */
  public int rowFrom(int height) {
    return frame.rowFrom(task, height);
  }

  /** The row after the task's last. */
  public int rowTo(int height) {
    return frame.rowTo(task, height);
  }

  /** Rows of the task before, which is of the same block. */
  public int rowsBefore(int height) {
    return frame.rowFrom(task, height) - frame.rowFrom(task - 1, height);
  }

  /** A window on {@link #scratch}; see {@link Rows#at}. There is one, which moves. */
  public Rows own(int base, int step, int count, int length) {
    return own.at(scratch, base, step, count, length);
  }

  /** A window on a channel of the block. There is one such window, which moves. */
  public StoredRows stored(Tensor tensor, int channel, int row, int count) {
    return at(stored, tensor, channel, row, count);
  }

  /** The window on maps, moved to a stretch of so many vectors. */
  public StoredRows stored(Maps maps, int base, int vectors) {
    return stored.at(maps, base, 0, 1, vectors);
  }

  /** A window of its own on the raw output of a convolution, beside {@link #stored}. */
  public StoredRows raw(Tensor tensor, int channel, int row, int count) {
    return at(raw, tensor, channel, row, count);
  }

  private StoredRows at(StoredRows window, Tensor tensor, int channel, int row, int count) {
    return window.at(
        tensor.maps(),
        tensor.index(block, row, channel),
        tensor.rowStep(),
        count,
        tensor.shape().width());
  }

  /** A window on other floats; see {@link Rows#at}. There is one, which moves. */
  public Rows elsewhere(float[] data, int base, int step, int count, int length) {
    return elsewhere.at(data, base, step, count, length);
  }
}
