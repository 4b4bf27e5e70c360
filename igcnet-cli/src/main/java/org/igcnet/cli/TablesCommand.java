package org.igcnet.cli;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.theory.Comparison;
import org.igcnet.theory.PaperTables;
import org.igcnet.theory.PaperTables.Table1Row;
import org.igcnet.theory.PaperTables.Table3Row;
import org.igcnet.theory.PaperTables.Table6Row;
import org.igcnet.theory.PaperTables.Table7Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code igcnet tables}: the paper's counted tables, ours beside the printed digits. */
@Command(
    name = "tables",
    mixinStandardHelpOptions = true,
    description = {
      "Show a table of the paper, every entry counted here beside the printed one.",
      "1: widths of blocks of equal size; 3: parameters and multiply-adds of networks;",
      "6: the same of networks for ImageNet; 7: parameters of the largest networks."
    },
    footer = {"", "Example:", "  ${ROOT-COMMAND-NAME} tables 3"})
final class TablesCommand implements Runnable {
  @Parameters(paramLabel = "TABLE", description = "1, 3, 6 or 7.")
  private int number;

  @Mixin private final JsonOption json = new JsonOption();

  private final Console console;

  TablesCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    switch (number) {
      case 1 -> print1(PaperTables.table1());
      case 3 -> print3(PaperTables.table3());
      case 6 -> print6(PaperTables.table6());
      case 7 -> print7(PaperTables.table7());
      default ->
          throw new UsageMistake(
              "the tables that can be counted are 1, 3, 6 and 7, not %d".formatted(number));
    }
  }

  private void print1(List<Table1Row> rows) {
    if (json.wanted()) {
      console.json(new TableDocument<>(1, rows.stream().map(WidthRow::of).toList()));
      return;
    }
    print(
        "Table 1: widths of blocks with roughly equal numbers of parameters",
        List.of(Table.Column.number("budget"), Table.Column.number("L"), Table.Column.number("M")),
        List.of("#params", "width"),
        rows.stream()
            .map(
                row ->
                    new ComparedLine(
                        List.of(
                            "%,d".formatted(row.budget()),
                            String.valueOf(row.block().primaryPartitions()),
                            String.valueOf(row.block().secondaryPartitions())),
                        List.of(row.parameters(), row.width())))
            .toList());
    console.out().println("✗: " + PaperTables.TABLE_1_NOTE);
  }

  private void print3(List<Table3Row> rows) {
    if (json.wanted()) {
      console.json(new TableDocument<>(3, rows.stream().map(CostRow::of).toList()));
      return;
    }
    print(
        "Table 3: parameters and multiply-adds, 10 classes",
        List.of(Table.Column.number("D"), Table.Column.text("network")),
        List.of("#params ×10⁶", "FLOPs ×10⁸"),
        rows.stream()
            .map(
                row ->
                    new ComparedLine(
                        List.of(String.valueOf(row.depth()), row.network()),
                        List.of(row.parameters(), row.multiplyAdds())))
            .toList());
  }

  private void print6(List<Table6Row> rows) {
    if (json.wanted()) {
      console.json(new TableDocument<>(6, rows.stream().map(CostRow::of).toList()));
      return;
    }
    print(
        "Table 6: networks for ImageNet, D = 18, 1000 classes",
        List.of(Table.Column.text("network")),
        List.of("#params ×10⁶", "FLOPs ×10⁹"),
        rows.stream()
            .map(
                row ->
                    new ComparedLine(
                        List.of(row.network()), List.of(row.parameters(), row.multiplyAdds())))
            .toList());
    console.out().println("✗: " + PaperTables.TABLE_6_NOTE);
  }

  private void print7(List<Table7Row> rows) {
    if (json.wanted()) {
      console.json(new TableDocument<>(7, rows.stream().map(ParametersRow::of).toList()));
      return;
    }
    print(
        "Table 7: parameters of the largest networks, D = 20, 100 classes",
        List.of(Table.Column.text("network")),
        List.of("#params ×10⁶"),
        rows.stream()
            .map(row -> new ComparedLine(List.of(row.network()), List.of(row.parameters())))
            .toList());
  }

  /** A row of a table: what it is of, then what is compared. */
  private record ComparedLine(List<String> cells, List<Comparison> entries) {}

  /**
   * Prints a table and how many of its entries agree.
   *
   * @param own headings of the cells
   * @param compared headings of the entries, each of which takes three columns
   */
  private void print(
      String title, List<Table.Column> own, List<String> compared, List<ComparedLine> lines) {
    Table table =
        new Table(
            Stream.concat(own.stream(), compared.stream().flatMap(TablesCommand::columns))
                .toArray(Table.Column[]::new));
    for (ComparedLine line : lines) {
      table.row(
          Stream.concat(
                  line.cells().stream(), line.entries().stream().flatMap(TablesCommand::cells))
              .toArray(String[]::new));
    }
    console.out().println(title + "\n");
    console.out().println(table);
    List<Comparison> entries = lines.stream().flatMap(line -> line.entries().stream()).toList();
    long equal = entries.stream().filter(Comparison::agrees).count();
    console.out().printf("%n%d of %d entries equal the printed digits.%n", equal, entries.size());
  }

  private static Stream<Table.Column> columns(String heading) {
    return Stream.of(
        Table.Column.number(heading), Table.Column.number("paper"), Table.Column.text(""));
  }

  private static Stream<String> cells(Comparison entry) {
    return Stream.of(ours(entry), entry.paper().toPlainString(), mark(entry));
  }

  private static String ours(Comparison entry) {
    return entry.rounded().toPlainString();
  }

  private static String mark(Comparison entry) {
    return entry.agrees() ? "✓" : "✗";
  }

  /** What {@code --json} prints. */
  private record TableDocument<R>(int table, List<R> rows) {}

  private record WidthRow(
      long budget, int primaryPartitions, int secondaryPartitions, Entry parameters, Entry width) {
    static WidthRow of(Table1Row row) {
      return new WidthRow(
          row.budget(),
          row.block().primaryPartitions(),
          row.block().secondaryPartitions(),
          Entry.of(row.parameters()),
          Entry.of(row.width()));
    }
  }

  private record ParametersRow(int depth, String network, Entry parameters) {
    static ParametersRow of(Table7Row row) {
      return new ParametersRow(
          row.architecture().depth(), row.network(), Entry.of(row.parameters()));
    }
  }

  private record CostRow(int depth, String network, Entry parameters, Entry multiplyAdds) {
    static CostRow of(Table6Row row) {
      return new CostRow(
          row.architecture().depth(),
          row.network(),
          Entry.of(row.parameters()),
          Entry.of(row.multiplyAdds()));
    }

    static CostRow of(Table3Row row) {
      return new CostRow(
          row.depth(), row.network(), Entry.of(row.parameters()), Entry.of(row.multiplyAdds()));
    }
  }
}
