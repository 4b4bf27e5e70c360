package org.igcnet.cpu.plain;

import java.util.List;
import org.igcnet.backend.MemoryPlan;
import org.igcnet.backend.MemoryPlan.Part;

/**
 * How long all is that a {@link Workspace} holds, in numbers.
 *
 * @param learning whether weights have gradients
 * @param values of each storage
 * @param gradients of each storage but the first, which is that of the images
 * @param statistics that norms keep
 * @param sums of all groups, for one layer at a time
 * @param turned weights of one layer at a time
 * @param rows of {@value Loops#ROW} numbers of each thread
 */
record Lengths(
    boolean learning,
    Slots values,
    Slots gradients,
    int statistics,
    long sums,
    long turned,
    int rows) {
  /** What it takes from Java's heap, the weights included. */
  MemoryPlan memory(long parameters, int threads) {
    return new MemoryPlan(
        List.of(
            new Part("feature maps", bytes(values)),
            new Part("their gradients", bytes(gradients)),
            new Part("weights", MemoryPlan.floats(parameters)),
            new Part("their own gradients", learning ? MemoryPlan.floats(parameters) : 0),
            new Part("weights as backward wants them", MemoryPlan.floats(turned)),
            new Part("sums", MemoryPlan.floats(sums) + MemoryPlan.floats(2L * statistics)),
            new Part("threads", (MemoryPlan.floats(Loops.ROW) + 4) * rows * threads)));
  }

  private static long bytes(Slots slots) {
    return slots.floats().stream().mapToLong(MemoryPlan::floats).sum();
  }
}
