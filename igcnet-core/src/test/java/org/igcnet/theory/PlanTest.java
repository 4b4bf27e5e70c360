package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.igcnet.UserError;

class PlanTest {
  @Example
  void everyPairOfTable1IsAChoice() {
    for (PaperTables.Table1Row row : PaperTables.table1()) {
      assertThat(Plan.of(row.budget()).choices()).contains(row.block());
    }
  }

  @Example
  void widestAreThoseOfTable1() {
    assertThat(Plan.of(4672).widest()).isEqualTo(new BlockWidth(28, 3, 9));
    assertThat(Plan.of(17536).widest()).isEqualTo(new BlockWidth(41, 5, 9));
  }

  @Example
  void boundAndRegularWidthOfTheBudget() {
    Plan plan = Plan.of(4672);
    // (4672 / 6)^(2/3) and √(4672 / 9)
    assertThat(plan.widthBound()).isCloseTo(84.638, within(5e-4));
    assertThat(plan.regularWidth()).isCloseTo(22.784, within(5e-4));
    assertThat(plan.deviation(new BlockWidth(1, 23, 9))).isCloseTo(112.0 / 4672, within(1e-15));
  }

  @Property
  void choicesAreTheNearestAndOrdered(@ForAll @LongRange(min = 10, max = 200_000) long budget) {
    Plan plan = Plan.of(budget);
    assertThat(plan.choices()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(plan.choices())
        .isSortedAccordingTo(
            (a, b) -> Integer.compare(a.primaryPartitions(), b.primaryPartitions()));
    for (BlockWidth choice : plan.choices()) {
      long distance = Math.abs(choice.parameters() - budget);
      for (int l : new int[] {choice.primaryPartitions() - 1, choice.primaryPartitions() + 1}) {
        if (l >= 1) {
          BlockWidth neighbour = new BlockWidth(l, choice.secondaryPartitions(), 9);
          assertThat(Math.abs(neighbour.parameters() - budget)).isGreaterThanOrEqualTo(distance);
        }
      }
      assertThat(plan.widest().width()).isGreaterThanOrEqualTo(choice.width());
    }
  }

  @Example
  void aBudgetThatNothingComesNearHasOneChoice() {
    // T is 10, 22, 36 for M = 1 and 38 for L = 1, M = 2.
    assertThat(Plan.of(15).choices()).containsExactly(new BlockWidth(1, 1, 9));
  }

  @Example
  void impossibleBudgetsAreRefused() {
    assertThatThrownBy(() -> Plan.of(9))
        .isInstanceOf(UserError.class)
        .hasMessage("a block cannot be planned for 9 parameters; the nearest possible is 10");
    assertThatThrownBy(() -> Plan.of(Long.MIN_VALUE)).isInstanceOf(UserError.class);
    assertThatThrownBy(() -> Plan.of(Long.MAX_VALUE))
        .hasMessageEndingWith("the nearest possible is 100000000");
    assertThat(Plan.of(100_000_000).choices()).hasSizeGreaterThan(100);
  }
}
