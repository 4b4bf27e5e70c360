package org.igcnet.lab.page;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Values over epochs.
 *
 * @param description for who cannot see it
 * @param label of the values
 * @param kind what the values are
 * @param curves in the order in which they are drawn
 */
public record Curves(String description, String label, Kind kind, List<Curve> curves) {
  /** Lengths of a dash and of the gap behind it. */
  private static final int DASH = 5;

  private static final int GAP = 3;

  /** Length of a part of one of several lines that take turns, as they lie on each other. */
  private static final int TURN = 9;

  public Curves {
    curves = List.copyOf(curves);
  }

  /** What the values are. */
  public enum Kind {
    /** Shares in percent. */
    PERCENT("%"),
    /** Losses, which may span decades. */
    LOSS("");

    /** What stands behind a value that is pointed at. */
    private final String unit;

    Kind(String unit) {
      this.unit = unit;
    }

    private Axis axis(String label, double[] values) {
      return switch (this) {
        case PERCENT -> Axis.around(label + ", %", values);
        case LOSS -> Axis.losses(label, values);
      };
    }
  }

  /**
   * One training by one measure.
   *
   * @param name what it says when it is pointed at
   * @param dashed whether it is of the training images
   * @param values after the epochs 1, 2, …
   */
  public record Curve(Series series, String name, boolean dashed, List<Double> values) {
    public Curve {
      values = List.copyOf(values);
    }
  }

  /** As SVG, which the page's script shows values in. */
  public String svg() {
    int epochs = curves.stream().mapToInt(curve -> curve.values().size()).max().orElse(1);
    Axis vertical =
        kind.axis(
            label, curves.stream().flatMap(c -> c.values().stream()).mapToDouble(v -> v).toArray());
    Canvas canvas =
        new Canvas(
            description,
            Axis.epochs(epochs),
            vertical,
            "class",
            "plot curves",
            "tabindex",
            0,
            "data-unit",
            kind.unit,
            "data-epochs",
            epochs);
    canvas
        .svg()
        .element(
            "line",
            "class",
            "cross",
            "x1",
            canvas.x(1),
            "x2",
            canvas.x(epochs),
            "y1",
            canvas.top(),
            "y2",
            canvas.foot());
    lines(canvas, curves.stream().filter(curve -> curve.values().size() > 1).toList());
    marks(canvas, curves.stream().filter(curve -> curve.values().size() == 1).toList());
    return canvas.finished();
  }

  /** Lines that lie on each other take turns, so that each is seen. */
  private static void lines(Canvas canvas, List<Curve> curves) {
    Map<String, Long> together =
        curves.stream()
            .collect(Collectors.groupingBy(curve -> place(canvas, curve), Collectors.counting()));
    Map<String, Integer> before = new HashMap<>();
    for (Curve curve : curves) {
      String place = place(canvas, curve);
      int turn = before.merge(place, 1, Integer::sum) - 1;
      draw(canvas, curve, dashes(curve, turn, together.getOrDefault(place, 1L).intValue()));
    }
  }

  private static String place(Canvas canvas, Curve curve) {
    return curve.dashed() + points(canvas, curve);
  }

  /** The declarations that a line's pattern needs; none where it is a plain one. */
  private static String dashes(Curve curve, int turn, int turns) {
    int drawn = curve.dashed() ? DASH : TURN;
    int empty = (curve.dashed() ? GAP : 0) + (turns - 1) * (curve.dashed() ? DASH + GAP : TURN);
    return empty == 0
        ? ""
        : "stroke-dasharray:%d %d;stroke-dashoffset:%d"
            .formatted(drawn, empty, -turn * (drawn + (curve.dashed() ? GAP : 0)));
  }

  private static String points(Canvas canvas, Curve curve) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < curve.values().size(); i++) {
      line.append(Svg.number(canvas.x(i + 1)))
          .append(',')
          .append(Svg.number(canvas.y(curve.values().get(i))))
          .append(' ');
    }
    return line.toString().strip();
  }

  private static void draw(Canvas canvas, Curve curve, String dashes) {
    Series series = curve.series();
    canvas
        .svg()
        .element(
            "polyline",
            "class",
            series.css() + (curve.dashed() ? " curve dashed" : " curve"),
            "style",
            series.style() + (series.style().isEmpty() ? "" : ";") + dashes,
            "data-series",
            series.name(),
            "data-name",
            curve.name(),
            "data-values",
            curve.values().stream().map(Svg::figures).collect(Collectors.joining(" ")),
            "points",
            points(canvas, curve));
  }

  /** One epoch makes no line: each value is a mark, hollow where the line would be dashed. */
  private static void marks(Canvas canvas, List<Curve> begun) {
    List<Marks.Place> places =
        begun.stream()
            .map(curve -> new Marks.Place(canvas.x(1), canvas.y(curve.values().getFirst())))
            .toList();
    double[] radii = Marks.radii(places);
    for (int i = 0; i < begun.size(); i++) {
      Curve curve = begun.get(i);
      Series series = curve.series();
      draw(canvas, curve, "");
      canvas
          .svg()
          .open("g", "class", series.css(), "style", series.style(), "data-series", series.name());
      series.mark(canvas.svg(), places.get(i).x(), places.get(i).y(), radii[i], curve.dashed());
      canvas.svg().close("g");
    }
  }
}
