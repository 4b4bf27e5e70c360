package org.igcnet.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.igcnet.UserError;
import org.igcnet.files.DocumentFormat;

/**
 * A table or figure of the paper as a data file: every network at every depth on every data set,
 * with what the paper prints of them.
 *
 * @param format {@link #FORMAT}, by name
 * @param version of the format
 * @param name a word, for folders and the command line
 * @param title for people
 * @param notes what a reader should know beside the figures
 * @param body where the networks change size
 * @param depths D
 * @param networks in groups
 * @param data the data sets, with the paper's recipe
 * @param printed rows of the paper's results
 * @param sizes rows of the paper's counts
 */
public record Experiment(
    String format,
    int version,
    String name,
    String title,
    List<String> notes,
    String body,
    List<Integer> depths,
    List<Group> networks,
    List<Data> data,
    List<Row> printed,
    List<Sizes> sizes) {
  static final DocumentFormat<Experiment> FORMAT =
      new DocumentFormat<>("igcnet-experiment", Experiment.class, List.of());

  /** Those that come with the program, in the paper's order. */
  public static final List<String> BUILT_IN =
      List.of("figure3", "table4", "table5", "table6", "table7");

  private static final int MOST_CELLS = 10_000;
  private static final int MOST_PIXELS = 4_096;

  /**
   * Networks that belong together.
   *
   * @param title an empty text where there is one group only
   * @param names the networks'
   */
  public record Group(String title, List<String> names) {
    public Group {
      names = List.copyOf(names);
    }
  }

  /**
   * A data set.
   *
   * @param kind the word before the colon of {@code --data}
   * @param title for people
   * @param classes that the paper's networks have for it
   * @param pixels height and width of the images that they see
   * @param recipe the paper's
   */
  public record Data(String kind, String title, int classes, int pixels, PaperRecipe recipe) {
    public Data {
      if (pixels < 1 || pixels > MOST_PIXELS) {
        throw new UserError(
            "images of %s with a height and width of %d pixels cannot be; they are from 1 to %,d"
                .formatted(kind, pixels, MOST_PIXELS));
      }
    }
  }

  /**
   * One measure of all networks.
   *
   * @param data the data set's kind
   * @param depth D
   * @param measure what is printed
   * @param values one for each network; an empty text where the paper prints none
   */
  public record Row(String data, int depth, Measure measure, List<String> values) {
    public Row {
      values = List.copyOf(values);
    }
  }

  /**
   * One count of all networks.
   *
   * @param quantity what is counted
   * @param exponent the printed digits' unit is 10 to its power
   * @param data the data set's kind, which gives the number of classes
   * @param depth D
   * @param values one for each network; an empty text where the paper prints none
   */
  public record Sizes(
      Quantity quantity, int exponent, String data, int depth, List<String> values) {
    public Sizes {
      values = List.copyOf(values);
    }
  }

  public Experiment {
    notes = List.copyOf(notes);
    depths = List.copyOf(depths);
    networks = List.copyOf(networks);
    data = List.copyOf(data);
    printed = List.copyOf(printed);
    sizes = List.copyOf(sizes);
    if (!name.matches("[a-z0-9][a-z0-9-]{0,39}")) {
      throw new UserError(
          "\"%s\" is no experiment's name; that is a word of a to z, 0 to 9 and -".formatted(name));
    }
    List<String> kinds = data.stream().map(Data::kind).toList();
    List<String> names = networks.stream().flatMap(group -> group.names().stream()).toList();
    requireDifferent("depths", depths);
    requireDifferent("networks", names);
    requireDifferent("data", kinds);
    if ((long) depths.size() * names.size() * kinds.size() > MOST_CELLS) {
      throw new UserError("it has more than %,d networks to train".formatted(MOST_CELLS));
    }
    for (Row row : printed) {
      requireRow("printed", row.data(), row.depth(), row.values(), kinds, depths, names);
    }
    for (Sizes row : sizes) {
      requireRow("sizes", row.data(), row.depth(), row.values(), kinds, depths, names);
      row.values().forEach(Experiment::requireCount);
      if (row.exponent() < 0 || row.exponent() > 12) {
        throw new UserError("10 to the power %d is no unit of sizes".formatted(row.exponent()));
      }
    }
  }

  private static void requireDifferent(String what, List<?> values) {
    if (values.isEmpty() || new HashSet<>(values).size() != values.size()) {
      throw new UserError("its %s, %s, are not one or more, all different".formatted(what, values));
    }
  }

  private static void requireRow(
      String what,
      String kind,
      int depth,
      List<String> values,
      List<String> kinds,
      List<Integer> depths,
      List<String> names) {
    if (!kinds.contains(kind) || !depths.contains(depth)) {
      throw new UserError(
          "a row of \"%s\" is of %s at depth %d, but it has the data %s and the depths %s"
              .formatted(what, kind, depth, kinds, depths));
    }
    if (values.size() != names.size()) {
      throw new UserError(
          "the row of \"%s\" of %s at depth %d has %d values for %d networks"
              .formatted(what, kind, depth, values.size(), names.size()));
    }
    values.forEach(Printed::parse);
  }

  private static void requireCount(String value) {
    if (Printed.parse(value).flatMap(Printed::deviation).isPresent()) {
      throw new UserError("the count \"%s\" of \"sizes\" has a deviation".formatted(value));
    }
  }

  /**
   * An experiment by name, or by the path of a file of its own.
   *
   * @throws UserError where there is none, or the file is damaged
   */
  public static Experiment named(String name) {
    if (BUILT_IN.contains(name)) {
      return builtIn(name);
    }
    Path file = Path.of(name);
    if (!name.endsWith(".json") && !Files.exists(file)) {
      throw new UserError(
          "there is no experiment \"%s\"; there are %s, and files like them ending in .json"
              .formatted(name, String.join(", ", BUILT_IN)));
    }
    return FORMAT.read(file);
  }

  private static Experiment builtIn(String name) {
    String file = name + ".json";
    try (InputStream in = Experiment.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not packaged");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return FORMAT.read(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The networks of all groups, in order. */
  public List<String> networkNames() {
    return networks.stream().flatMap(group -> group.names().stream()).toList();
  }

  /**
   * What the paper's rows and ours show, in the order of the rows; the accuracy where the paper has
   * none.
   */
  public List<Measure> measures() {
    List<Measure> measures = printed.stream().map(Row::measure).distinct().toList();
    return measures.isEmpty() ? List.of(Measure.ACCURACY) : measures;
  }

  /** Every network on every data set: by data, then depth, then network. */
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (Data on : data) {
      for (int depth : depths) {
        for (Group group : networks) {
          group.names().forEach(n -> cells.add(new Cell(this, on, depth, group.title(), n)));
        }
      }
    }
    return cells;
  }

  /** What the paper prints of a network. */
  Optional<Printed> printed(Cell cell, Measure measure) {
    return printed.stream()
        .filter(row -> row.measure() == measure)
        .filter(row -> row.depth() == cell.depth() && row.data().equals(cell.data().kind()))
        .findFirst()
        .flatMap(row -> Printed.parse(row.values().get(index(cell))));
  }

  /** The rows of counts that hold for a network, whatever data set it is trained on. */
  List<Sizes> sizes(Cell cell) {
    return sizes.stream()
        .filter(row -> row.depth() == cell.depth() && row.data().equals(cell.data().kind()))
        .filter(row -> !row.values().get(index(cell)).isEmpty())
        .collect(Collectors.toUnmodifiableList());
  }

  int index(Cell cell) {
    return networkNames().indexOf(cell.network());
  }
}
