package org.igcnet.cpu.memory;

import org.igcnet.backend.MemoryPlan;
import org.igcnet.cpu.plan.ConvPlan;

/**
 * The output y of a primary convolution: kept for a whole batch, each strip as it would stand in a
 * thread's memory, or in that memory itself.
 */
public final class PrimaryOutput {
  private final ConvPlan plan;
  private final float[] kept;

  /**
   * @param blocks of a batch, at most
   */
  public PrimaryOutput(ConvPlan plan, int blocks) {
    this.plan = plan;
    this.kept =
        new float
            [MemoryPlan.length(plan.primaryFloats(blocks), "the outputs of " + plan.link().unit())];
  }

  /** Whether backward finds it as forward left it. */
  public boolean kept() {
    return plan.keepsPrimary();
  }

  /** What holds y of a strip. */
  public float[] memory(Desk desk) {
    return kept() ? kept : desk.scratch();
  }

  /** Where y of the strip from row {@code row} on begins in {@link #memory}. */
  public int at(Desk desk, int row) {
    if (!kept()) {
      return plan.strip().y().at();
    }
    int before = (row - desk.rowFrom(plan.link().output().height())) / plan.strip().rows();
    return plan.primaryAt(desk.task(), before);
  }
}
