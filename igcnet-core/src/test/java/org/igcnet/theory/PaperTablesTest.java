package org.igcnet.theory;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.igcnet.arch.Architecture;
import org.igcnet.theory.PaperTables.Printed;
import org.igcnet.theory.PaperTables.Table1Row;
import org.igcnet.theory.PaperTables.Table3Row;
import org.igcnet.theory.PaperTables.Table6Row;
import org.igcnet.theory.PaperTables.Table7Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** Counted by hand in another language; facts of the architecture, not of the printed table. */
  @ParameterizedTest
  @CsvSource({
    "0, ResNet-C64, 11679912, 1814073344, false, true",
    "1, ResNet-C69, 13532107, 2098611264, false, true",
    "2, IGC-L4M32+Ident, 12232040, 1944641536, false, true",
    "3, IGC-L16M16+Ident, 13489896, 2265989120, false, false",
    "4, IGC-L100M2+Ident, 8607700, 1264780800, true, true",
  })
  void table6(
      int index, String network, long parameters, long multiplyAdds, boolean size, boolean cost) {
    Table6Row row = PaperTables.table6().get(index);
    assertThat(row.network()).isEqualTo(network);
    assertThat(row.parameters().ours()).isEqualByComparingTo(BigDecimal.valueOf(parameters, 6));
    assertThat(row.multiplyAdds().ours()).isEqualByComparingTo(BigDecimal.valueOf(multiplyAdds, 9));
    assertThat(row.parameters().agrees()).isEqualTo(size);
    assertThat(row.multiplyAdds().agrees()).isEqualTo(cost);
  }

  static List<Table7Row> table7() {
    return PaperTables.table7();
  }

  @ParameterizedTest
  @MethodSource
  void table7(Table7Row row) {
    assertThat(row.parameters().rounded()).isEqualTo(row.parameters().paper());
  }

  @Test
  void whatThePaperPrintsOfANetwork() {
    Architecture third = Architecture.cifar("IGC-L24M2", 20, 10);
    assertThat(PaperTables.printed(third).orElseThrow().table()).isEqualTo(3);
    Printed sixth =
        PaperTables.printed(PaperTables.table6().getFirst().architecture()).orElseThrow();
    assertThat(sixth.parameters().paper()).hasToString("11.151");
    assertThat(sixth.note()).contains(PaperTables.TABLE_6_NOTE);
    Architecture seventh = Architecture.cifar("IGC-L450M2", 20, 100);
    assertThat(PaperTables.printed(seventh).orElseThrow().multiplyAdds()).isEmpty();
    assertThat(PaperTables.printed(Architecture.cifar("IGC-L24M2", 20, 100))).isEmpty();
  }

  @Test
  void everyEntryIsThere() {
    assertThat(PaperTables.table1()).hasSize(9 + 11);
    assertThat(PaperTables.table3()).hasSize(5 * 4);
    assertThat(PaperTables.table7())
        .extracting(Table7Row::network)
        .containsExactly("IGC-L16M32", "IGC-L450M2", "IGC-L32M26");
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
