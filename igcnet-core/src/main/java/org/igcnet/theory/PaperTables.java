package org.igcnet.theory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.igcnet.arch.Architecture;
import org.igcnet.arch.Body;
import org.igcnet.arch.NetworkName;

/** The paper's counted tables, every printed entry beside ours. */
public final class PaperTables {
  /** The networks of Table 3, in the order of its columns. */
  public static final List<String> TABLE_3_NETWORKS =
      List.of("RegConv-W16", "RegConv-W18", "IGC-L4M8", "IGC-L24M2");

  /** Table 3 does not say so; the parameters come out for the ten classes of CIFAR-10. */
  static final int TABLE_3_CLASSES = 10;

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

  /** Table 7 does not say so; the parameters come out for the hundred classes of CIFAR-100. */
  static final int TABLE_7_CLASSES = 100;

  /** Depth of the networks of Table 7. */
  static final int TABLE_7_DEPTH = 20;

  /** The networks of Table 6 are for ImageNet. */
  static final int TABLE_6_CLASSES = 1000;

  /** What to say beside the entries of Table 6 that are not ours. */
  public static final String TABLE_6_NOTE =
      "Of the paper's parameters only those of IGC-L100M2+Ident follow from its architectures: ResNet-18 with C = 64 has 11.680 million, 11.167 without its final layer, but 11.151 are printed. The FLOPs of IGC-L16M16+Ident are 2.27, printed without the last digit.";

  /** As printed: network, #Params (×10⁶), FLOPs (×10⁹). */
  private static final String TABLE_6 =
      """
      ResNet-C64 11.151 1.8
      ResNet-C69 11.333 2.1
      IGC-L4M32+Ident 11.205 1.9
      IGC-L16M16+Ident 11.329 2.2
      IGC-L100M2+Ident 8.61 1.3
      """;

  /** As printed: network, #Params (×10⁶). */
  private static final String TABLE_7 =
      """
      IGC-L16M32 17.7
      IGC-L450M2 19.3
      IGC-L32M26 24.1
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
   * Table 6: networks for ImageNet, D = 18, images of 224×224.
   *
   * @param architecture the network
   * @param parameters in millions
   * @param multiplyAdds in units of 10⁹; the paper's FLOPs
   */
  public record Table6Row(
      Architecture architecture, Comparison parameters, Comparison multiplyAdds) {
    /** {@return its name} */
    public String network() {
      return architecture.network().toString();
    }
  }

  /**
   * Table 7: the sizes of the networks that are compared with the state of the art.
   *
   * @param architecture the network
   * @param parameters in millions
   */
  public record Table7Row(Architecture architecture, Comparison parameters) {
    /** {@return its name} */
    public String network() {
      return architecture.network().toString();
    }
  }

  /** {@return every network of Table 6} Its entries that are not ours: {@link #TABLE_6_NOTE}. */
  public static List<Table6Row> table6() {
    return TABLE_6.lines().map(line -> table6Row(line.split(" ", -1))).toList();
  }

  private static Table6Row table6Row(String[] printed) {
    Body body = Body.IMAGENET;
    Architecture architecture =
        new Architecture(
            NetworkName.parse(printed[0]),
            body,
            body.paperDepth(),
            TABLE_6_CLASSES,
            body.paperInput());
    NetworkCost cost = NetworkCost.of(architecture);
    return new Table6Row(
        architecture,
        Comparison.of(cost.parameters(), printed[1], 6),
        Comparison.of(cost.multiplyAdds(), printed[2], 9));
  }

  /** {@return the paper's own networks of Table 7} */
  public static List<Table7Row> table7() {
    return TABLE_7.lines().map(line -> table7Row(line.split(" ", -1))).toList();
  }

  private static Table7Row table7Row(String[] printed) {
    Architecture architecture = Architecture.cifar(printed[0], TABLE_7_DEPTH, TABLE_7_CLASSES);
    return new Table7Row(
        architecture, Comparison.of(NetworkCost.of(architecture).parameters(), printed[1], 6));
  }

  /**
   * What the paper prints of one network.
   *
   * @param table the table's number
   * @param parameters in millions
   * @param exponent multiply-adds are in units of 10 to its power
   * @param multiplyAdds where the table has them
   * @param note where the figures need one, else empty
   */
  public record Printed(
      int table,
      Comparison parameters,
      int exponent,
      Optional<Comparison> multiplyAdds,
      Optional<String> note) {
    private static Printed of(Table3Row row) {
      return new Printed(3, row.parameters(), 8, Optional.of(row.multiplyAdds()), Optional.empty());
    }

    private static Printed of(Table6Row row) {
      return new Printed(
          6, row.parameters(), 9, Optional.of(row.multiplyAdds()), Optional.of(TABLE_6_NOTE));
    }

    private static Printed of(Table7Row row) {
      return new Printed(7, row.parameters(), 8, Optional.empty(), Optional.empty());
    }
  }

  /**
   * {@return what the paper prints of the size of a network, where it does}
   *
   * @param architecture the network
   */
  public static Optional<Printed> printed(Architecture architecture) {
    Stream<Printed> third =
        table3().stream()
            .filter(
                row ->
                    Architecture.cifar(row.network(), row.depth(), TABLE_3_CLASSES)
                        .equals(architecture))
            .map(Printed::of);
    Stream<Printed> sixth =
        table6().stream().filter(row -> row.architecture().equals(architecture)).map(Printed::of);
    Stream<Printed> seventh =
        table7().stream().filter(row -> row.architecture().equals(architecture)).map(Printed::of);
    return Stream.of(third, sixth, seventh).flatMap(printed -> printed).findFirst();
  }

  /**
   * {@return every column of Table 1, (i) then (ii)} All agree but one width, a misprint: {@link
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

  /** {@return every entry of Table 3, depth after depth, each with the four networks in turn} */
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
