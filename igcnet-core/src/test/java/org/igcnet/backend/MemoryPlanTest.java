package org.igcnet.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryPlanTest {
  @Test
  void whatDoesNotFitIsRefusedWithTheFigures() {
    MemoryPlan plan = MemoryPlan.NONE.plus("maps", 5L << 40);
    assertThatThrownBy(() -> plan.requireHeap("training"))
        .hasMessageMatching(
            "training needs 5,280\\.0 GB of memory, and Java's heap has [0-9,]+ MB of its [0-9,]+ MB left")
        .isInstanceOfSatisfying(
            HeapShortage.class,
            shortage -> assertThat(shortage.megabytes()).isBetween(5_280L << 10, 6_000L << 10));
    MemoryPlan.NONE.requireHeap("nothing");
  }
}
