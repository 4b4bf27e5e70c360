package org.igcnet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of text: a heading, rows, and columns as wide as their widest cell. A cell stays on its
 * line, whatever the name in it holds.
 *
 * @param columns heading and side of each column
 * @param rows cells, as many in each row as there are columns; no cells make a rule
 */
record Table(List<Column> columns, List<List<String>> rows) {
  private static final String GAP = "  ";

  /**
   * A column.
   *
   * @param heading what stands above it
   * @param right whether its cells stand at its right side, as numbers do
   */
  record Column(String heading, boolean right) {
    static Column text(String heading) {
      return new Column(heading, false);
    }

    static Column number(String heading) {
      return new Column(heading, true);
    }
  }

  Table(Column... columns) {
    this(List.of(columns), new ArrayList<>());
  }

  Table row(String... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          "a row of %d cells under %d columns".formatted(cells.length, columns.size()));
    }
    rows.add(Stream.of(cells).map(VisibleWriter::oneLine).toList());
    return this;
  }

  Table rule() {
    rows.add(List.of());
    return this;
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(Column::heading).toList()));
    lines.add(ruler());
    rows.forEach(row -> lines.add(row.isEmpty() ? ruler() : line(row)));
    return String.join("\n", lines);
  }

  private String line(List<String> cells) {
    return IntStream.range(0, columns.size())
        .mapToObj(column -> padded(cells.get(column), column))
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }

  private String ruler() {
    return IntStream.range(0, columns.size())
        .mapToObj(column -> "─".repeat(width(column)))
        .collect(Collectors.joining(GAP));
  }

  private String padded(String cell, int column) {
    String padding = " ".repeat(width(column) - cell.length());
    return columns.get(column).right() ? padding + cell : cell + padding;
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> !row.isEmpty())
        .mapToInt(row -> row.get(column).length())
        .reduce(columns.get(column).heading().length(), Math::max);
  }
}
