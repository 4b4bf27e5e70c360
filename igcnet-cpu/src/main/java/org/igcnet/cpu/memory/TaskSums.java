package org.igcnet.cpu.memory;

import java.util.Arrays;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.plan.Frame;

/** What the tasks of one pass sum up, each in a place of its own. */
public final class TaskSums {
  private final float[] values;
  private final int count;
  private final int step;

  /**
   * @param values room for the sums of all tasks, which passes use one after the other
   * @param count numbers that each task sums up
   */
  public TaskSums(float[] values, int count) {
    this.values = values;
    this.count = count;
    this.step = Lanes.whole(count);
  }

  /** A task begins with zeros. */
  public void clear(int task) {
    Arrays.fill(values, at(task), at(task) + count, 0);
  }

  /** The sums themselves, not a copy. */
  public float[] values() {
    return values;
  }

  /** Where a task's sums begin. */
  public int at(int task) {
    return task * step;
  }

  /**
   * Adds up what tasks have: those of each group one after the other, then the groups by their
   * tree. The first task's sums become the whole.
   */
  public void add(Frame frame) {
    int groups = frame.layout().groups();
    for (int group = 0; group < groups; group++) {
      int first = frame.firstTask(group);
      for (int task = first + 1; task < frame.firstTask(group + 1); task++) {
        add(task, first);
      }
    }
    frame.layout().addGroups((from, to) -> add(frame.firstTask(from), frame.firstTask(to)));
  }

  private void add(int from, int to) {
    Rows.add(values, at(from), values, at(to), count);
  }
}
