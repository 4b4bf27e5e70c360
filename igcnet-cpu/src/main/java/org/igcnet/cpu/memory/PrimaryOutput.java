package org.igcnet.cpu.memory;

import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.Precision;
import org.igcnet.cpu.kernel.Lanes;
import org.igcnet.cpu.kernel.Maps;
import org.igcnet.cpu.kernel.Maps.Floats;
import org.igcnet.cpu.kernel.Rows;
import org.igcnet.cpu.kernel.StoredRows;
import org.igcnet.cpu.plan.ConvPlan;

/**
 * The output y of a primary convolution. It is kept for a whole batch, each strip as it stands in a
 * thread's memory, or is in that memory alone. What is kept as it was computed is computed and read
 * in its place; what is rounded is packed from a thread's memory and unpacked into it.
 */
public final class PrimaryOutput {
  private final ConvPlan plan;
  private final Precision precision;
  private final Maps kept;

  /**
   * @param blocks of a batch, at most
   */
  public PrimaryOutput(ConvPlan plan, Precision precision, int blocks) {
    this.plan = plan;
    this.precision = precision;
    long words = plan.primaryWords(precision, blocks);
    this.kept =
        Maps.of(precision, MemoryPlan.length(words, "the outputs of " + plan.link().unit()));
  }

  /** Whether backward finds it as forward left it. */
  public boolean kept() {
    return plan.keepsPrimary();
  }

  /** What holds y of a strip. */
  public float[] memory(Desk desk) {
    return kept() && kept instanceof Floats(float[] values) ? values : desk.scratch();
  }

  /** Where y of the strip from row {@code row} on begins in {@link #memory}. */
  public int at(Desk desk, int row) {
    return kept() && kept instanceof Floats ? place(desk, row) : plan.strip().y().at();
  }

  private int place(Desk desk, int row) {
    int before = (row - desk.rowFrom(plan.link().output().height())) / plan.strip().rows();
    return plan.primaryAt(precision, desk.task(), before);
  }

  /** Forward has computed y of the strip from row {@code row} on. */
  public void keep(Desk desk, int row) {
    if (isPacked()) {
      stored(desk, row).store(own(desk));
    }
  }

  /** Backward is about to read what was kept of the strip from row {@code row} on. */
  public void fetch(Desk desk, int row) {
    if (isPacked()) {
      stored(desk, row).copyTo(own(desk));
    }
  }

  private boolean isPacked() {
    return kept() && !(kept instanceof Floats);
  }

  private StoredRows stored(Desk desk, int row) {
    return desk.stored(kept, place(desk, row), plan.primaryVectors());
  }

  private Rows own(Desk desk) {
    int length = plan.primaryVectors() * Lanes.COUNT;
    return desk.own(plan.strip().y().at(), length, 1, length);
  }
}
