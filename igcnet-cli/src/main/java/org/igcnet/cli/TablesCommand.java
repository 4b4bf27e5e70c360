package org.igcnet.cli;

import java.util.List;
import java.util.stream.Stream;
import org.igcnet.UserError;
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
    footer = {"", "Example:", "  igcnet tables 3"})
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
          throw new UserError(
              "the tables that can be counted are 1, 3, 6 and 7, not %d".formatted(number));
    }
  }

  private void print1(List<Table1Row> rows) {
    if (json.wanted()) {
      console.json(new Document<>(1, rows.stream().map(WidthRow::of).toList()));
      return;
    }
    console.out().println("Table 1: widths of blocks with roughly equal numbers of parameters\n");
    Table table =
        new Table(
            Table.Column.number("budget"),
            Table.Column.number("L"),
            Table.Column.number("M"),
            Table.Column.number("#params"),
            Table.Column.number("paper"),
            Table.Column.text(""),
            Table.Column.number("width"),
            Table.Column.number("paper"),
            Table.Column.text(""));
    for (Table1Row row : rows) {
      table.row(
          "%,d".formatted(row.budget()),
          String.valueOf(row.block().primaryPartitions()),
          String.valueOf(row.block().secondaryPartitions()),
          ours(row.parameters()),
          row.parameters().paper().toPlainString(),
          mark(row.parameters()),
          ours(row.width()),
          row.width().paper().toPlainString(),
          mark(row.width()));
    }
    console.out().println(table);
    conclude(rows.stream().flatMap(row -> Stream.of(row.parameters(), row.width())).toList());
    console.out().println("✗: " + PaperTables.TABLE_1_NOTE);
  }

  private void print3(List<Table3Row> rows) {
    if (json.wanted()) {
      console.json(new Document<>(3, rows.stream().map(CostRow::of).toList()));
      return;
    }
    console.out().println("Table 3: parameters and multiply-adds, 10 classes\n");
    Table table =
        new Table(
            Table.Column.number("D"),
            Table.Column.text("network"),
            Table.Column.number("#params ×10⁶"),
            Table.Column.number("paper"),
            Table.Column.text(""),
            Table.Column.number("FLOPs ×10⁸"),
            Table.Column.number("paper"),
            Table.Column.text(""));
    for (Table3Row row : rows) {
      table.row(
          String.valueOf(row.depth()),
          row.network(),
          ours(row.parameters()),
          row.parameters().paper().toPlainString(),
          mark(row.parameters()),
          ours(row.multiplyAdds()),
          row.multiplyAdds().paper().toPlainString(),
          mark(row.multiplyAdds()));
    }
    console.out().println(table);
    conclude(
        rows.stream().flatMap(row -> Stream.of(row.parameters(), row.multiplyAdds())).toList());
  }

  private void print6(List<Table6Row> rows) {
    if (json.wanted()) {
      console.json(new Document<>(6, rows.stream().map(CostRow::of).toList()));
      return;
    }
    console.out().println("Table 6: networks for ImageNet, D = 18, 1000 classes\n");
    Table table =
        new Table(
            Table.Column.text("network"),
            Table.Column.number("#params ×10⁶"),
            Table.Column.number("paper"),
            Table.Column.text(""),
            Table.Column.number("FLOPs ×10⁹"),
            Table.Column.number("paper"),
            Table.Column.text(""));
    for (Table6Row row : rows) {
      table.row(
          row.network(),
          ours(row.parameters()),
          row.parameters().paper().toPlainString(),
          mark(row.parameters()),
          ours(row.multiplyAdds()),
          row.multiplyAdds().paper().toPlainString(),
          mark(row.multiplyAdds()));
    }
    console.out().println(table);
    conclude(
        rows.stream().flatMap(row -> Stream.of(row.parameters(), row.multiplyAdds())).toList());
    console.out().println("✗: " + PaperTables.TABLE_6_NOTE);
  }

  private void print7(List<Table7Row> rows) {
    if (json.wanted()) {
      console.json(new Document<>(7, rows.stream().map(SizeRow::of).toList()));
      return;
    }
    console.out().println("Table 7: parameters of the largest networks, D = 20, 100 classes\n");
    Table table =
        new Table(
            Table.Column.text("network"),
            Table.Column.number("#params ×10⁶"),
            Table.Column.number("paper"),
            Table.Column.text(""));
    for (Table7Row row : rows) {
      table.row(
          row.network(),
          ours(row.parameters()),
          row.parameters().paper().toPlainString(),
          mark(row.parameters()));
    }
    console.out().println(table);
    conclude(rows.stream().map(Table7Row::parameters).toList());
  }

  private void conclude(List<Comparison> entries) {
    long equal = entries.stream().filter(Comparison::agrees).count();
    console.out().printf("%n%d of %d entries equal the printed digits.%n", equal, entries.size());
  }

  private static String ours(Comparison entry) {
    return entry.rounded().toPlainString();
  }

  private static String mark(Comparison entry) {
    return entry.agrees() ? "✓" : "✗";
  }

  /** What {@code --json} prints. */
  private record Document<R>(int table, List<R> rows) {}

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

  private record SizeRow(int depth, String network, Entry parameters) {
    static SizeRow of(Table7Row row) {
      return new SizeRow(row.architecture().depth(), row.network(), Entry.of(row.parameters()));
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
