package org.igcnet.lab.page;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Points over two axes, with bars for their deviations.
 *
 * @param description for who cannot see it
 * @param points in the order in which lines join those of one series
 * @param joined which of ours lines join
 */
public record Points(
    String description, Axis horizontal, Axis vertical, List<Point> points, Join joined) {
  /** What a bar's ends are narrower than the mark, on each side. */
  private static final double CAP = 1;

  /** How far beyond a mark the pointer still finds it. */
  private static final double FINGER = 9;

  public Points {
    points = List.copyOf(points);
  }

  /** Which points lines join. */
  public enum Join {
    NONE,
    SERIES,
    ALL
  }

  /**
   * One point.
   *
   * @param deviation length of the bar above and below
   * @param tip what it says when it is pointed at
   * @param hollow whether it is the paper's
   */
  public record Point(
      Series series, double x, double y, Optional<Double> deviation, String tip, boolean hollow) {}

  /** As SVG. */
  public String svg() {
    Canvas canvas = new Canvas(description, horizontal, vertical, "class", "plot");
    List<Point> ours = points.stream().filter(point -> !point.hollow()).toList();
    switch (joined) {
      case NONE -> {}
      case ALL -> canvas.svg().element("polyline", "class", "joint", "points", line(canvas, ours));
      case SERIES ->
          ours.stream().map(Point::series).distinct().forEach(one -> join(canvas, one, ours));
    }
    double[] radii =
        Marks.radii(
            points.stream()
                .map(point -> new Marks.Place(canvas.x(point.x()), canvas.y(point.y())))
                .toList());
    for (int i = 0; i < radii.length; i++) {
      bar(canvas, points.get(i), radii[i] - CAP);
    }
    for (int i = 0; i < radii.length; i++) {
      mark(canvas, points.get(i), radii[i]);
    }
    return canvas.finished();
  }

  private static void join(Canvas canvas, Series series, List<Point> ours) {
    List<Point> own = ours.stream().filter(point -> point.series().equals(series)).toList();
    canvas
        .svg()
        .element(
            "polyline",
            "class",
            series.css() + " joint",
            "data-series",
            series.name(),
            "style",
            series.style(),
            "points",
            line(canvas, own));
  }

  private static String line(Canvas canvas, List<Point> points) {
    return points.stream()
        .map(p -> Svg.number(canvas.x(p.x())) + "," + Svg.number(canvas.y(p.y())))
        .collect(Collectors.joining(" "));
  }

  /** Bars are below all marks. */
  private static void bar(Canvas canvas, Point point, double cap) {
    if (point.deviation().isEmpty()) {
      return;
    }
    double x = canvas.x(point.x());
    String path =
        "M%1$s %2$sV%3$sM%4$s %2$sH%5$sM%4$s %3$sH%5$s"
            .formatted(
                Svg.number(x),
                Svg.number(canvas.y(point.y() + point.deviation().get())),
                Svg.number(canvas.y(point.y() - point.deviation().get())),
                Svg.number(x - cap),
                Svg.number(x + cap));
    Series series = point.series();
    canvas
        .svg()
        .element(
            "path",
            "class",
            series.css() + " bar",
            "data-series",
            series.name(),
            "style",
            series.style(),
            "d",
            path);
  }

  private static void mark(Canvas canvas, Point point, double radius) {
    Series series = point.series();
    double x = canvas.x(point.x());
    double y = canvas.y(point.y());
    Svg svg = canvas.svg();
    svg.open(
        "g",
        "class",
        series.css() + " point",
        "data-series",
        series.name(),
        "style",
        series.style(),
        "tabindex",
        0,
        "role",
        "img",
        "aria-label",
        point.tip());
    svg.element("circle", "class", "target", "cx", x, "cy", y, "r", radius + FINGER);
    series.mark(svg, x, y, radius, point.hollow());
    svg.close("g");
  }
}
