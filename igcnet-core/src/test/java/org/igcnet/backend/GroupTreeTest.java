package org.igcnet.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GroupTreeTest {
  @Test
  void leftHalvesAreWholePowersOfTwo() {
    assertThat(tree("0")).isEqualTo("0");
    assertThat(tree("0", "1", "2")).isEqualTo("((01)2)");
    assertThat(tree("0", "1", "2", "3", "4", "5", "6")).isEqualTo("(((01)(23))((45)6))");
  }

  /** Who has 2ᵏ groups adds them by himself, and the last may have fewer. */
  @Property
  void sumsOfWorkersAreNodes(
      @ForAll @IntRange(min = 1, max = 40) int groups,
      @ForAll @IntRange(min = 0, max = 4) int power) {
    String[] all = IntStream.range(0, groups).mapToObj(g -> g + ",").toArray(String[]::new);
    int share = 1 << power;
    String[] workers =
        IntStream.range(0, Math.ceilDiv(groups, share))
            .mapToObj(
                worker -> {
                  int first = worker * share;
                  int end = Math.min(first + share, groups);
                  return tree(
                      IntStream.range(first, end).mapToObj(g -> g + ",").toArray(String[]::new));
                })
            .toArray(String[]::new);
    assertThat(tree(workers)).isEqualTo(tree(all));
  }

  private static String tree(String... sums) {
    String[] places = sums.clone();
    GroupTree.add(
        places.length, (from, to) -> places[to] = "(%s%s)".formatted(places[to], places[from]));
    return places[0];
  }
}
