import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes the tiles of the tap kernels, or checks that they are what it would write.
 *
 * <p>A tile keeps its sums in registers, so each has to be a local variable of the method with the
 * loop: a few hundred lines a tile that differ in numbers only. What tiles there are stands in the
 * tables below.
 *
 * <p>What a tile does besides is little, and each ending of a plane has a class of its own: where a
 * method has more than some 200 operations on vectors, the first of the JVM's two compilers gives
 * up, and mostly the second one never comes to it.
 *
 * <p>Usage: {@code java build/Tiles.java check|fix FOLDER}
 */
public class Tiles {
  /** For rows of feature maps. */
  private static final List<Shape> MAPS =
      List.of(
          new Shape(Taps.RUNS, 2, 8),
          new Shape(Taps.RUNS, 2, 4),
          new Shape(Taps.RUNS, 1, 8),
          new Shape(Taps.PAIRS, 6, 4),
          new Shape(Taps.PAIRS, 6, 2),
          new Shape(Taps.PAIRS, 4, 4),
          new Shape(Taps.PAIRS, 4, 2),
          new Shape(Taps.PAIRS, 2, 4),
          new Shape(Taps.PAIRS, 1, 8),
          new Shape(Taps.HALVES, 1, 4),
          new Shape(Taps.COLUMN, 6, 1),
          new Shape(Taps.COLUMN, 4, 1),
          new Shape(Taps.COLUMN, 2, 1),
          new Shape(Taps.COLUMN, 1, 1));

  /** For planes. */
  private static final List<Shape> PLANES =
      List.of(
          new Shape(Taps.PAIRS, 8, 3),
          new Shape(Taps.PAIRS, 8, 2),
          new Shape(Taps.PAIRS, 8, 1),
          new Shape(Taps.PAIRS, 6, 4),
          new Shape(Taps.PAIRS, 6, 2),
          new Shape(Taps.PAIRS, 4, 4),
          new Shape(Taps.PAIRS, 4, 2),
          new Shape(Taps.PAIRS, 2, 8),
          new Shape(Taps.PAIRS, 2, 4),
          new Shape(Taps.PAIRS, 2, 2),
          new Shape(Taps.PAIRS, 2, 1),
          new Shape(Taps.HALVES, 1, 4),
          new Shape(Taps.COLUMN, 6, 1),
          new Shape(Taps.COLUMN, 4, 1),
          new Shape(Taps.COLUMN, 1, 1));

  private static final List<Gradient> GRADIENTS =
      List.of(
          new Gradient(Positions.RUNS, 2, 9),
          new Gradient(Positions.RUNS, 2, 3),
          new Gradient(Positions.RUNS, 1, 9),
          new Gradient(Positions.RUNS, 1, 6),
          new Gradient(Positions.RUNS, 1, 3),
          new Gradient(Positions.LINES, 4, 6),
          new Gradient(Positions.LINES, 2, 4),
          new Gradient(Positions.POINTS, 4, 4),
          new Gradient(Positions.POINTS, 4, 1),
          new Gradient(Positions.POINTS, 2, 4),
          new Gradient(Positions.POINTS, 2, 1),
          new Gradient(Positions.POINTS, 1, 4),
          new Gradient(Positions.POINTS, 1, 1),
          new Gradient(Positions.PAIRS, 4, 2),
          new Gradient(Positions.PAIRS, 2, 5),
          new Gradient(Positions.PAIRS, 2, 4),
          new Gradient(Positions.SECONDS, 2, 3));

  private static final String FLOAT_VECTOR = "jdk.incubator.vector.FloatVector";
  private static final String SPECIES = "jdk.incubator.vector.VectorSpecies";

  private static final String ZERO = "FloatVector.zero(SPECIES)";

  /** What a line of the sources can take. */
  private static final int LINE = 100;

  private static final List<String> CONVOLUTION_PARAMETERS =
      List.of(
          "float[] from",
          "int fromBase",
          "float[] weights",
          "int weightBase",
          "float[] to",
          "int toBase",
          "int rows",
          "int columns");

  private static final List<String> PLANE_PARAMETERS =
      List.of(
          "float[] from",
          "int fromBase",
          "int channel",
          "int tiles",
          "float[] to",
          "int toBase",
          "int columns");

  private static final List<String> ACTIVATED_FIELDS =
      List.of("Partitions partitions", "int[] places", "float[] shifts", "float[] floor");

  private static final List<String> GRADIENT_PARAMETERS =
      List.of(
          "float[] gradients",
          "int gradientBase",
          "float[] from",
          "int fromBase",
          "int tap",
          "float[] sums",
          "int sumBase",
          "int rows",
          "int columns");

  public static void main(String[] args) throws IOException {
    boolean fix = args[0].equals("fix");
    Path folder = Path.of(args[1], "igcnet-cpu/src/main/java/org/igcnet/cpu/kernel");
    boolean same = settle(folder.resolve("ConvolutionTiles.java"), convolutions(Target.MAPS), fix);
    for (Target target : Target.ENDINGS) {
      same &= settle(folder.resolve(target.type + ".java"), convolutions(target), fix);
    }
    same &= settle(folder.resolve("GradientTiles.java"), gradients(), fix);
    System.exit(same ? 0 : 1);
  }

  /** Whether the file is as it should be in the end. */
  private static boolean settle(Path file, String wanted, boolean fix) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(wanted)) {
      return true;
    }
    if (fix) {
      Files.writeString(file, wanted);
      System.err.println("written " + file);
    } else {
      System.err.println(
          file + " is not what build/Tiles.java writes: mvn -N validate -Dformat.mode=fix does.");
    }
    return fix;
  }

  private static String convolutions(Target target) {
    boolean maps = target == Target.MAPS;
    Source to =
        new Source(
            target.type,
            maps ? "" : "PlaneTiles",
            maps ? "TapConvolution" : "PlaneConvolution",
            target.fields,
            maps ? CONVOLUTION_PARAMETERS : PLANE_PARAMETERS,
            target.activates
                ? List.of(FLOAT_VECTOR, "jdk.incubator.vector.VectorOperators", SPECIES)
                : List.of(FLOAT_VECTOR, SPECIES));
    (maps ? MAPS : PLANES)
        .stream()
            .map(shape -> new Convolution(target, shape))
            .collect(groupingBy(Convolution::taps, TreeMap::new, toList()))
            .forEach((taps, tiles) -> to.kind(taps, "width", tiles));
    return to.end();
  }

  private static String gradients() {
    Source to =
        new Source(
            "GradientTiles",
            "",
            "TapGradient",
            List.of("int[] taps", "Steps in", "Steps gradient"),
            GRADIENT_PARAMETERS,
            List.of("java.util.Objects", FLOAT_VECTOR, SPECIES));
    for (Positions positions : Positions.values()) {
      to.kind(
          positions, "count", GRADIENTS.stream().filter(t -> t.positions() == positions).toList());
    }
    return to.end();
  }

  /** Where a convolution's sums begin, and what of them is written. */
  private enum Target {
    /** Rows of feature maps get sums. */
    MAPS("ConvolutionTiles", List.of("int[] taps", "Steps in", "Steps out"), false),
    /** Planes get sums. */
    SUMS("SumTiles", List.of("Partitions partitions", "int[] places"), false),
    /** Sums begin with their shift; what stands above the floor is written. */
    ACTIVATED("ActivatedTiles", ACTIVATED_FIELDS, true),
    /** The same, and they begin with what stands at their place as well. */
    ADDED("AddedTiles", ACTIVATED_FIELDS, true);

    private static final List<Target> ENDINGS = List.of(SUMS, ACTIVATED, ADDED);

    private final String type;
    private final List<String> fields;
    private final boolean activates;

    Target(String type, List<String> fields, boolean activates) {
      this.type = type;
      this.fields = fields;
      this.activates = activates;
    }
  }

  /** How a tile of a convolution goes through the taps. */
  private enum Taps {
    /** In threes of neighbouring columns, which share what they load. */
    RUNS(3),
    /** In pairs. */
    PAIRS(2),
    /** In pairs, even and odd taps apart: twice the sums, which hide the latency of an addition. */
    HALVES(2),
    /** The same for a single column, at any step, where an odd tap may be left. */
    COLUMN(2);

    private final int together;

    Taps(int together) {
      this.together = together;
    }
  }

  /** Which positions a tile of a gradient goes through. */
  private enum Positions {
    /** Pairs of neighbouring columns, for taps in threes of neighbouring columns. */
    RUNS,
    /** Neighbouring columns. */
    LINES,
    /** Columns at any step. */
    POINTS,
    /** Pairs of neighbouring columns, a row at a time. */
    PAIRS,
    /** Every second column, a row at a time, for taps in threes of neighbouring columns. */
    SECONDS;

    /**
     * Whether sums are read and written for each row. Then they live through one loop only, and the
     * compiler keeps more of them in 16 registers.
     */
    boolean byRow() {
      return switch (this) {
        case RUNS, LINES, POINTS -> false;
        case PAIRS, SECONDS -> true;
      };
    }

    /** Neighbouring taps of which only the first one's place is read. */
    int tapsTogether() {
      return switch (this) {
        case LINES, POINTS, PAIRS -> 1;
        case RUNS, SECONDS -> 3;
      };
    }

    /** Columns of one turn of the inner loop. */
    int columns() {
      return switch (this) {
        case LINES, POINTS, SECONDS -> 1;
        case RUNS, PAIRS -> 2;
      };
    }
  }

  /** A method that computes sums of some output channels × columns or taps. */
  private sealed interface Tile {
    int channels();

    /** Columns or taps. */
    int width();

    /** What is read, and what is done with it, in one turn of the inner loop. */
    String about();

    void write(Source to);
  }

  /** A number of output channels × columns. */
  private record Shape(Taps taps, int channels, int width) {}

  /** Sums of some output channels × columns. */
  private record Convolution(Target target, Taps taps, int channels, int width) implements Tile {
    Convolution(Target target, Shape shape) {
      this(target, shape.taps(), shape.channels(), shape.width());
    }

    @Override
    public String about() {
      int loads = taps == Taps.RUNS ? width + 2 : taps.together * width;
      return "%s × %s: %s; %s for %s."
          .formatted(
              count(channels, "channel"),
              count(width, "column"),
              count(sums().size(), "sum"),
              count(loads + taps.together * channels, "load"),
              count(taps.together * channels * width, "multiply-add"));
    }

    @Override
    public void write(Source to) {
      if (target == Target.MAPS) {
        rows(to);
      } else {
        plane(to);
      }
    }

    private void rows(Source to) {
      to.line("int[] taps = this.taps;", "int step = out.column();");
      if (channels > 1) {
        to.line("int channel = out.channel();");
      }
      to.line("for (int row = 0; row < rows; row++) {");
      to.line("for (int column = 0; column < columns; " + next("column", width) + ") {");
      String step = taps == Taps.COLUMN ? "in.column()" : "V";
      to.line("int p = fromBase + row * in.row() + column * " + step + ";");
      sums().forEach(sum -> begin(to, sum, ZERO));
      sumUp(to);
      to.line("int o = toBase + row * out.row() + column * step;");
      for (int c = 0; c < channels; c++) {
        if (c > 0) {
          to.line("o += channel;");
        }
        for (int x = 0; x < width; x++) {
          to.line(whole(c, x) + ".intoArray(to, " + steps("o", x, "step") + ");");
        }
      }
      to.line("}", "}", "}");
    }

    private void plane(Source to) {
      to.line("int[] taps = partitions.taps();", "float[] weights = partitions.weights();");
      for (String field : target.fields.subList(1, target.fields.size())) {
        to.line(field + " = this." + variable(field) + ";");
      }
      to.line("for (int part = 0; part < partitions.count(); part++) {");
      to.line("int start = fromBase + partitions.input(part);");
      to.line("for (int tile = 0; tile < tiles; tile++) {");
      String first = channels == 1 ? "channel + tile" : "channel + tile * " + channels;
      to.line("int first = " + first + ";");
      to.line("int output = partitions.output(part) + first;");
      to.line("int weightBase = partitions.weight(part, first);");
      to.line("for (int column = 0; column < columns; " + next("column", width) + ") {");
      to.line("int p = start + column * V;");
      to.line("int at = toBase + column * V;");
      for (int c = 0; c < channels; c++) {
        begin(to, c);
      }
      sumUp(to);
      for (int x = 0; target.activates && x < width; x++) {
        to.line("FloatVector floor" + x + " = " + load("floor", places("at", x)) + ";");
      }
      for (int c = 0; c < channels; c++) {
        to.line((c == 0 && target != Target.ADDED ? "int " : "") + place(c));
        for (int x = 0; x < width; x++) {
          end(to, c, x);
        }
      }
      to.line("}", "}", "}", "}");
    }

    private void begin(Source to, int channel) {
      if (target == Target.ADDED) {
        to.line((channel == 0 ? "int " : "") + place(channel));
      }
      if (target.activates) {
        String shift = "FloatVector.broadcast(SPECIES, shifts[" + plus("output", channel) + "])";
        to.line((channel == 0 ? "FloatVector " : "") + "shift = " + shift + ";");
      }
      for (int x = 0; x < width; x++) {
        begin(
            to,
            sum(channel, x),
            switch (target) {
              case MAPS, SUMS -> ZERO;
              case ACTIVATED -> "shift";
              case ADDED -> load("to", places("o", x)) + ".add(shift)";
            });
        if (halves()) {
          begin(to, half(channel, x), ZERO);
        }
      }
    }

    private void end(Source to, int channel, int column) {
      String sum = sum(channel, column);
      String place = places("o", column);
      if (!target.activates) {
        to.line(whole(channel, column) + ".intoArray(to, " + place + ");");
        return;
      }
      if (halves()) {
        to.line(sum + " = " + whole(channel, column) + ";");
      }
      String below = sum + ".compare(VectorOperators.LE, floor" + column + ")";
      to.line(sum + ".blend(0, " + below + ").intoArray(to, " + place + ");");
    }

    private static String place(int channel) {
      return "o = at + places[" + plus("output", channel) + "];";
    }

    private static void begin(Source to, String sum, String value) {
      to.line("FloatVector " + sum + " = " + value + ";");
    }

    private void sumUp(Source to) {
      to.line("int w = weightBase;");
      switch (taps) {
        case RUNS -> taps(to, "taps.length", this::run);
        case PAIRS -> taps(to, "taps.length", this::pair);
        case HALVES -> taps(to, "taps.length", this::halves);
        case COLUMN -> column(to);
      }
    }

    /** A letter for each channel and a number for each column, or for a half in place of either. */
    private List<String> sums() {
      return switch (taps) {
        case HALVES -> grid(2, width);
        case COLUMN -> grid(channels, 2);
        default -> grid(channels, width);
      };
    }

    private void taps(Source to, String end, Consumer<Source> body) {
      to.line("for (int tap = 0; tap < " + end + "; tap += " + taps.together + ") {");
      body.accept(to);
      to.line("w += " + taps.together * channels + ";");
      to.line("}");
    }

    private void run(Source to) {
      to.line("int q = p + taps[tap];");
      for (int x = 0; x < width + 2; x++) {
        to.line("FloatVector x" + x + " = " + load("from", places("q", x)) + ";");
      }
      for (int tap = 0; tap < 3; tap++) {
        for (int c = 0; c < channels; c++) {
          to.line((tap == 0 ? "FloatVector " : "") + "w" + c + " = " + weight(tap, c) + ";");
        }
        for (int c = 0; c < channels; c++) {
          for (int x = 0; x < width; x++) {
            to.line(add(letter(c) + x, "x" + (x + tap), "w" + c));
          }
        }
      }
    }

    private void pair(Source to) {
      for (int tap = 0; tap < 2; tap++) {
        String type = tap == 0 ? "FloatVector " : "";
        to.line((tap == 0 ? "int " : "") + "q = p + taps[" + plus("tap", tap) + "];");
        for (int x = 0; x < width; x++) {
          to.line(type + "x" + x + " = " + load("from", places("q", x)) + ";");
        }
        for (int c = 0; c < channels; c++) {
          to.line((c == 0 ? type : "") + "weight = " + weight(tap, c) + ";");
          for (int x = 0; x < width; x++) {
            to.line(add(letter(c) + x, "x" + x, "weight"));
          }
        }
      }
    }

    private void halves(Source to) {
      for (int half = 0; half < 2; half++) {
        to.line((half == 0 ? "int " : "") + "q = p + taps[" + plus("tap", half) + "];");
        to.line((half == 0 ? "FloatVector " : "") + "weight = " + weight(half, 0) + ";");
        for (int x = 0; x < width; x++) {
          to.line(add(letter(half) + x, load("from", places("q", x)), "weight"));
        }
      }
    }

    private void column(Source to) {
      to.line("int paired = taps.length & ~1;");
      taps(
          to,
          "paired",
          source -> {
            source.line("FloatVector x = " + load("from", "p + taps[tap]") + ";");
            source.line("FloatVector y = " + load("from", "p + taps[tap + 1]") + ";");
            half(source, "x", 0);
            half(source, "y", 1);
          });
      to.line("if (paired < taps.length) {");
      to.line("FloatVector x = " + load("from", "p + taps[paired]") + ";");
      half(to, "x", 0);
      to.line("}");
    }

    private void half(Source to, String x, int half) {
      for (int c = 0; c < channels; c++) {
        to.line(add(letter(c) + half, x, weight(half, c)));
      }
    }

    private String weight(int tap, int channel) {
      return "FloatVector.broadcast(SPECIES, weights[" + plus("w", tap * channels + channel) + "])";
    }

    /** Whether even and odd taps are apart. */
    private boolean halves() {
      return taps == Taps.HALVES || taps == Taps.COLUMN;
    }

    /** The sum of a channel and a column, or of its even taps. */
    private String sum(int channel, int column) {
      return letter(channel) + column;
    }

    /** That of its odd taps. */
    private String half(int channel, int column) {
      return taps == Taps.HALVES ? letter(1) + column : letter(channel) + 1;
    }

    private String whole(int channel, int column) {
      String sum = sum(channel, column);
      return halves() ? sum + ".add(" + half(channel, column) + ")" : sum;
    }
  }

  /** Sums of some output channels × taps. */
  private record Gradient(Positions positions, int channels, int width) implements Tile {
    @Override
    public String about() {
      return "%s × %s: %s; %s for %s."
          .formatted(
              count(channels, "channel"),
              count(width, "tap"),
              count(channels * width, "sum"),
              count(
                  runs() ? 2 * channels + width / 3 * 4 : positions.columns() * (channels + width),
                  "load"),
              count(positions.columns() * channels * width, "multiply-add"));
    }

    private boolean runs() {
      return positions == Positions.RUNS;
    }

    @Override
    public void write(Source to) {
      if (channels > 1) {
        to.line("int channel = gradient.channel();");
        to.line("int output = taps.length * V;");
      }
      int together = positions.tapsTogether();
      for (int t = 0; t < width / together; t++) {
        to.line("int t" + t + " = taps[" + plus("tap", t * together) + "];");
      }
      boolean byRow = positions.byRow();
      if (byRow) {
        to.line("int length = Objects.checkIndex(columns * V, TapGradient.LONGEST);");
      } else {
        readSums(to);
      }
      to.line("for (int row = 0; row < rows; row++) {");
      if (byRow) {
        readSums(to);
      }
      switch (positions) {
        case RUNS -> rows(to, "2 * V", "2 * V");
        case LINES -> lines(to);
        case POINTS -> rows(to, "in.column()", "gradient.column()");
        case PAIRS, SECONDS -> row(to);
      }
      if (byRow) {
        writeSums(to);
      }
      to.line("}");
      if (!byRow) {
        writeSums(to);
      }
      to.line("}");
    }

    private void readSums(Source to) {
      sums(to, (sum, place) -> "FloatVector " + sum + " = " + load("sums", place) + ";");
    }

    private void writeSums(Source to) {
      sums(to, (sum, place) -> sum + ".intoArray(sums, " + place + ");");
    }

    private void sums(Source to, BinaryOperator<String> line) {
      for (int c = 0; c < channels; c++) {
        for (int t = 0; t < width; t++) {
          to.line(line.apply(letter(c) + t, places(steps("sumBase", c, "output"), t)));
        }
      }
    }

    /**
     * Positions of one row. The compiler knows the places' bounds, so that it adds them up once,
     * before the loop, and not with each load.
     */
    private void row(Source to) {
      to.line("int p = fromBase + row * in.row();");
      to.line("int q = gradientBase + row * gradient.row();");
      for (int c = 0; c < channels; c++) {
        to.line(within("q" + c, steps("q", c, "channel")));
      }
      for (int t = 0; t < width / positions.tapsTogether(); t++) {
        to.line(within("p" + t, "p + t" + t));
      }
      int together = positions.columns();
      to.line("int i = 0;");
      if (together > 1) {
        to.line("for (; i < length - V; i += 2 * V) {");
        columns(to, together);
        to.line("}");
      }
      to.line("for (; i < length; i += V) {");
      columns(to, 1);
      to.line("}");
    }

    private static String within(String name, String place) {
      return "int %s = Objects.checkIndex(%s, TapGradient.FARTHEST);".formatted(name, place);
    }

    private void columns(Source to, int count) {
      int step = positions == Positions.SECONDS ? 2 : 1;
      int together = positions.tapsTogether();
      for (int column = 0; column < count; column++) {
        String type = column == 0 ? "FloatVector " : "";
        for (int c = 0; c < channels; c++) {
          String place = places("q" + c + " + i", column);
          to.line(type + "g" + c + " = " + load("gradients", place) + ";");
        }
        for (int t = 0; t < width; t++) {
          String row = "p" + t / together + " + " + (step == 1 ? "i" : step + " * i");
          String place = places(row, t % together + column * step);
          to.line((t == 0 ? type : "") + "x = " + load("from", place) + ";");
          for (int c = 0; c < channels; c++) {
            to.line(add(letter(c) + t, "x", "g" + c));
          }
        }
      }
    }

    private void rows(Source to, String step, String gradientStep) {
      to.line("int p = fromBase + row * in.row();");
      to.line("int q = gradientBase + row * gradient.row();");
      to.line("for (int column = 0; column < columns; " + next("column", runs() ? 2 : 1) + ") {");
      position(to);
      to.line("p += " + step + ";");
      to.line("q += " + gradientStep + ";");
      to.line("}");
    }

    private void lines(Source to) {
      to.line("for (int column = 0; column < columns; column++) {");
      to.line("int p = fromBase + row * in.row() + column * V;");
      to.line("int q = gradientBase + row * gradient.row() + column * V;");
      position(to);
      to.line("}");
    }

    private void position(Source to) {
      for (int c = 0; c < channels; c++) {
        String place = steps("q", c, "channel");
        to.line("FloatVector g" + c + " = " + load("gradients", place) + ";");
        if (runs()) {
          to.line("FloatVector h" + c + " = " + load("gradients", places(place, 1)) + ";");
        }
      }
      for (int t = 0; t < width; t += runs() ? 3 : 1) {
        for (int x = 0; x < (runs() ? 4 : 1); x++) {
          String place = runs() ? places("p + t" + t / 3, x) : "p + t" + t;
          to.line((t + x == 0 ? "FloatVector " : "") + "x = " + load("from", place) + ";");
          for (int c = 0; c < channels; c++) {
            if (x > 0) {
              to.line(add(letter(c) + (t + x - 1), "x", "h" + c));
            }
            if (x < 3) {
              to.line(add(letter(c) + (t + x), "x", "g" + c));
            }
          }
        }
      }
    }
  }

  /** A class that is being written, indented by its brackets. */
  private static final class Source {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    private final List<String> parameters;

    /** Whether methods are those of a class above. */
    private final boolean overrides;

    /**
     * Begins a class of the tiles of another one, whose fields it has.
     *
     * @param above the class above it, or nothing
     */
    Source(
        String name,
        String above,
        String reader,
        List<String> fields,
        List<String> parameters,
        List<String> imports) {
      this.parameters = parameters;
      this.overrides = !above.isEmpty();
      line("package org.igcnet.cpu.kernel;", "");
      imports.forEach(type -> line("import " + type + ";"));
      line(
          "",
          "/**",
          " * The tiles of {@link " + reader + "}.",
          " *",
          " * <p>{@code build/Tiles.java} says which there are, and writes this file.",
          " */",
          "final class " + name + (overrides ? " extends " + above : "") + " {",
          "private static final VectorSpecies<Float> SPECIES = Vectors.SPECIES;",
          "private static final int V = Lanes.COUNT;",
          "");
      fields.forEach(field -> line("private final " + field + ";"));
      line("", name + fields.stream().collect(joining(", ", "(", ") {")));
      fields.forEach(field -> line("this." + variable(field) + " = " + variable(field) + ";"));
      line("}");
    }

    String end() {
      line("}");
      return text.toString();
    }

    void line(String... lines) {
      for (String line : lines) {
        depth -= line.startsWith("}") ? 1 : 0;
        text.append("  ".repeat(line.isEmpty() ? 0 : depth)).append(line).append('\n');
        depth += line.endsWith("{") ? 1 : 0;
      }
    }

    /** The tiles of a kind, and before them a method that chooses among them. */
    void kind(Enum<?> kind, String width, List<? extends Tile> tiles) {
      String word = kind.name().toLowerCase(Locale.ROOT);
      line("");
      if (overrides) {
        line("@Override");
      }
      method("void " + word, List.of("int channels", "int " + width));
      line("switch (10 * channels + " + width + ") {");
      for (Tile tile : tiles) {
        arrow("case " + (10 * tile.channels() + tile.width()), name(word, tile) + arguments());
      }
      arrow("default", "throw new IllegalArgumentException(channels + \" × \" + " + width + ");");
      line("}", "}");
      for (Tile tile : tiles) {
        line("", "/** " + tile.about() + " */");
        method("private void " + name(word, tile), List.of());
        tile.write(this);
      }
    }

    private static String name(String word, Tile tile) {
      return word + tile.channels() + "x" + tile.width();
    }

    private String arguments() {
      return parameters.stream().map(Tiles::variable).collect(joining(", ", "(", ");"));
    }

    private void arrow(String label, String action) {
      boolean fits = 2 * depth + label.length() + 4 + action.length() <= LINE;
      line(fits ? label + " -> " + action : label + " ->\n" + "  ".repeat(depth + 2) + action);
    }

    private void method(String name, List<String> before) {
      List<String> all = Stream.concat(before.stream(), parameters.stream()).toList();
      boolean fits = 6 + String.join(", ", all).length() + 3 <= LINE;
      text.append("  ").append(name).append("(\n      ");
      text.append(String.join(fits ? ", " : ",\n      ", all)).append(") {\n");
      depth++;
    }
  }

  /** The name of a parameter or field that stands behind its type. */
  private static String variable(String declaration) {
    return declaration.substring(declaration.indexOf(' ') + 1);
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String letter(int number) {
    return Character.toString('a' + number);
  }

  private static List<String> grid(int letters, int numbers) {
    return IntStream.range(0, letters * numbers)
        .mapToObj(i -> letter(i / numbers) + i % numbers)
        .toList();
  }

  private static String next(String variable, int step) {
    return variable + (step == 1 ? "++" : " += " + step);
  }

  private static String plus(String base, int offset) {
    return offset == 0 ? base : base + " + " + offset;
  }

  private static String steps(String base, int count, String step) {
    return switch (count) {
      case 0 -> base;
      case 1 -> base + " + " + step;
      default -> base + " + " + count + " * " + step;
    };
  }

  private static String places(String base, int vectors) {
    return steps(base, vectors, "V");
  }

  private static String load(String array, String place) {
    return "FloatVector.fromArray(SPECIES, " + array + ", " + place + ")";
  }

  private static String add(String sum, String x, String factor) {
    return sum + " = " + x + ".fma(" + factor + ", " + sum + ");";
  }
}
