package org.igcnet.theory;

import java.util.ArrayList;
import java.util.List;
import org.igcnet.arch.Architecture;

/** The paper's counted tables, every printed entry beside ours. */
public final class PaperTables {
  /** The networks of Table 3, in the order of its columns. */
  public static final List<String> TABLE_3_NETWORKS =
      List.of("RegConv-W16", "RegConv-W18", "IGC-L4M8", "IGC-L24M2");

  /** Table 3 does not say so; the parameters come out for the ten classes of CIFAR-10. */
  public static final int TABLE_3_CLASSES = 10;

  /** What to say beside the one entry of Table 1 that is not ours. */
  public static final String TABLE_1_NOTE =
      "The paper prints the width 63 at L = 2, M = 31, but L·M is 62, and 17422 is the number of parameters of that width.";

  /** Budget, L, M, #params, width, as printed. */
  private static final String TABLE_1 =
      """
      4672 1 23 4784 23
      4672 2 16 4672 32
      4672 3 13 4680 39
      4672 5 10 4750 50
      4672 6 9 4698 54
      4672 12 6 4752 72
      4672 28 3 4620 84
      4672 40 2 4640 80
      4672 64 1 4672 64
      17536 1 44 17468 44
      17536 2 31 17422 63
      17536 4 22 17776 88
      17536 12 12 17280 144
      17536 14 11 17402 154
      17536 23 8 17480 184
      17536 28 7 17836 196
      17536 41 5 17630 205
      17536 64 3 17472 192
      17536 85 2 17510 170
      17536 128 1 17536 128
      """;

  /** As printed: D, #Params (×10⁶) of the four networks, FLOPs (×10⁸) of the four networks. */
  private static final String TABLE_3 =
      """
      8 0.075 0.095 0.078 0.047 0.122 0.154 0.131 0.099
      20 0.27 0.34 0.27 0.15 0.406 0.513 0.424 0.288
      38 0.56 0.71 0.57 0.31 0.830 1.05 0.862 0.571
      62 0.95 1.20 0.96 0.52 1.40 1.77 1.45 0.948
      98 1.53 1.93 1.56 0.83 2.25 2.84 2.32 1.51
      """;

  private PaperTables() {}

  /**
   * Table 1: widths of blocks of roughly equal numbers of parameters.
   *
   * @param budget the number of parameters that its half of the table is about
   * @param block L and M
   * @param parameters of the block
   * @param width G = L·M
   */
  public record Table1Row(long budget, BlockWidth block, Comparison parameters, Comparison width) {}

  /**
   * Table 3: parameters and multiply-adds of networks.
   *
   * @param depth D
   * @param network its name
   * @param parameters in millions
   * @param multiplyAdds in units of 10⁸; the paper's FLOPs
   */
  public record Table3Row(
      int depth, String network, Comparison parameters, Comparison multiplyAdds) {}

  /**
   * Every column of Table 1, (i) then (ii). All agree but one width, a misprint: {@link
   * #TABLE_1_NOTE}.
   */
  public static List<Table1Row> table1() {
    return TABLE_1.lines().map(line -> table1Row(line.split(" "))).toList();
  }

  private static Table1Row table1Row(String[] printed) {
    BlockWidth block =
        new BlockWidth(
            Integer.parseInt(printed[1]), Integer.parseInt(printed[2]), BlockWidth.SPATIAL);
    return new Table1Row(
        Long.parseLong(printed[0]),
        block,
        Comparison.of(block.parameters(), printed[3], 0),
        Comparison.of(block.width(), printed[4], 0));
  }

  /** Every entry of Table 3, depth after depth, each with the four networks in turn. */
  public static List<Table3Row> table3() {
    return TABLE_3.lines().flatMap(line -> table3Rows(line.split(" ")).stream()).toList();
  }

  private static List<Table3Row> table3Rows(String[] printed) {
    int depth = Integer.parseInt(printed[0]);
    int networks = TABLE_3_NETWORKS.size();
    List<Table3Row> rows = new ArrayList<>();
    for (int i = 0; i < networks; i++) {
      String network = TABLE_3_NETWORKS.get(i);
      NetworkCost cost = NetworkCost.of(Architecture.cifar(network, depth, TABLE_3_CLASSES));
      rows.add(
          new Table3Row(
              depth,
              network,
              Comparison.of(cost.parameters(), printed[1 + i], 6),
              Comparison.of(cost.multiplyAdds(), printed[1 + networks + i], 8)));
    }
    return rows;
  }
}
