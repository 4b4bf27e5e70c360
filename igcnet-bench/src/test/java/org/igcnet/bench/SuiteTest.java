package org.igcnet.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.igcnet.bench.Contender.Bandwidth;
import org.igcnet.bench.Contender.Peak;
import org.igcnet.bench.Suite.Heat;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SuiteTest {
  @Test
  void theRowsAndTheirFloors() {
    assertThat(Suite.heats(2).stream().flatMap(heat -> heat.rows().stream()))
        .extracting(row -> "%s %s %s".formatted(row.id(), row.floor(), row.figure().unit()))
        .containsExactlyInAnyOrder(
            "train-igc-l24m2 4.0 images/s",
            "train-igc-l4m8 2.7 images/s",
            "train-regconv-w16 0.8 images/s",
            "train-igc-l24m2-ident 3.8 images/s",
            "infer-igc-l24m2 3.2 images/s",
            "one-igc-l24m2-median 2.0 ms",
            "one-igc-l24m2-p99 2.0 ms",
            "infer-regconv-w16 1.0 images/s",
            "infer-igc-over-regconv 1.1 images/s",
            "train-igc-over-regconv 0.85 images/s",
            "train-bf16-igc-l24m2 1.0 images/s",
            "train-bf16-regconv-w16 1.0 images/s",
            "train-bf16-igc-l24m2-ident 1.0 images/s",
            "train-threads 1.8 images/s");
  }

  @Test
  void aContenderOfSeveralRowsIsMeasuredOnce() {
    Heat heat = Suite.heats(2).getFirst();
    assertThat(heat.contenders())
        .doesNotHaveDuplicates()
        .contains(new Peak(2), new Bandwidth(2), new Peak(1), new Bandwidth(1))
        .hasSize(15);
  }

  @Test
  void everyContenderSurvivesItsWayToAnotherProcess() {
    for (Heat heat : Suite.heats(3)) {
      for (Contender contender : heat.contenders()) {
        String json = JsonMapper.shared().writeValueAsString(contender);
        assertThat(JsonMapper.shared().readValue(json, Contender.Local.class)).isEqualTo(contender);
      }
    }
  }

  @Test
  void aRatioAboveOneIsInOurFavour() {
    List<Row> rows = Suite.heats(2).stream().flatMap(heat -> heat.rows().stream()).toList();
    for (Row row : rows) {
      boolean time = row.figure().unit().equals("ms");
      assertThat(row.ratio(4, 2)).isEqualTo(time ? 0.5 : 2);
    }
  }
}
