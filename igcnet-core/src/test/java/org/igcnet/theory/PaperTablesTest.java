package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.igcnet.theory.PaperTables.Table1Row;
import org.igcnet.theory.PaperTables.Table3Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaperTablesTest {
  static List<Table1Row> table1() {
    return PaperTables.table1();
  }

  static List<Table3Row> table3() {
    return PaperTables.table3();
  }

  @ParameterizedTest
  @MethodSource
  void table1(Table1Row row) {
    assertThat(row.parameters().rounded()).isEqualTo(row.parameters().paper());
    boolean misprint = row.block().equals(new BlockWidth(2, 31, BlockWidth.SPATIAL));
    assertThat(row.width().agrees()).isNotEqualTo(misprint);
  }

  @ParameterizedTest
  @MethodSource
  void table3(Table3Row row) {
    assertThat(row.parameters().rounded()).isEqualTo(row.parameters().paper());
    assertThat(row.multiplyAdds().rounded()).isEqualTo(row.multiplyAdds().paper());
    assertThat(row.parameters().agrees()).isTrue();
    assertThat(row.multiplyAdds().agrees()).isTrue();
  }

  @Test
  void everyEntryIsThere() {
    assertThat(PaperTables.table1()).hasSize(9 + 11);
    assertThat(PaperTables.table3()).hasSize(5 * 4);
  }

  @Test
  void theOneMisprintIsReportedAsPrinted() {
    Table1Row row =
        PaperTables.table1().stream().filter(r -> !r.width().agrees()).findFirst().orElseThrow();
    assertThat(row.width().paper()).hasToString("63");
    assertThat(row.width().ours()).hasToString("62");
    assertThat(PaperTables.TABLE_1_NOTE).contains("63", "L = 2, M = 31", "62");
  }

  @Test
  void comparisonKeepsThePrintedDigits() {
    Comparison comparison = Comparison.of(1_199_600, "1.20", 6);
    assertThat(comparison.ours()).isEqualByComparingTo("1.1996");
    assertThat(comparison.rounded()).hasToString("1.20");
    assertThat(comparison.agrees()).isTrue();
    assertThat(Comparison.of(1_210_000, "1.20", 6).agrees()).isFalse();
  }
}
