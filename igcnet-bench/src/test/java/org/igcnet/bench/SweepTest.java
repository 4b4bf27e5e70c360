package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.igcnet.bench.Suite.Heat;
import org.junit.jupiter.api.Test;

class SweepTest {
  private final List<Row> rows =
      Sweep.heats(2).stream().map(Heat::rows).flatMap(List::stream).toList();

  @Test
  void everyNetworkOfThePaperTrainsAndPredicts() {
    assertThat(rows.stream().map(Row::id).filter(id -> id.startsWith("train-")))
        .doesNotHaveDuplicates()
        .hasSize(20 + 4 + 4 + 5 + 3)
        .contains(
            "train-flat-igc-l2m31-d8",
            "train-stages-sumfusion-l4m8-d20",
            "train-stages-igc-l24m2+ident-d50",
            "train-imagenet-igc-l100m2+ident-d18",
            "train-stages-igc-l450m2-d20");
    assertThat(rows.stream().map(Row::id).filter(id -> id.startsWith("infer-"))).hasSize(36);
  }

  @Test
  void largeNetworksTakeFewerImages() {
    assertThat(
            rows.stream()
                .map(Row::ours)
                .filter(ours -> ours.images() < 64)
                .map(ours -> ours.net().name())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(
            "ResNet-C64",
            "ResNet-C69",
            "IGC-L4M32+Ident",
            "IGC-L16M16+Ident",
            "IGC-L100M2+Ident",
            "IGC-L16M32",
            "IGC-L450M2",
            "IGC-L32M26");
  }
}
