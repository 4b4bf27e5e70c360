package org.igcnet.lab.page;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Values over epochs.
 *
 * @param description for who cannot see it
 * @param unit what stands behind a value that is pointed at
 * @param label of the values
 * @param curves in the order in which they are drawn
 */
public record Curves(String description, String label, String unit, List<Curve> curves) {
  public Curves {
    curves = List.copyOf(curves);
  }

  /**
   * One training.
   *
   * @param name what it says when it is pointed at
   * @param values after the epochs 1, 2, …
   */
  public record Curve(Series series, String name, List<Double> values) {
    public Curve {
      values = List.copyOf(values);
    }
  }

  /** As SVG, which the page's script shows values in. */
  public String svg() {
    int epochs = curves.stream().mapToInt(curve -> curve.values().size()).max().orElse(1);
    Axis horizontal = new Axis("epoch", epochs == 1 ? 0 : 1, Math.max(epochs, 1), false);
    Axis vertical =
        Axis.around(
            label, curves.stream().flatMap(c -> c.values().stream()).mapToDouble(v -> v).toArray());
    Canvas canvas =
        new Canvas(
            description,
            horizontal,
            vertical,
            "class",
            "plot curves",
            "tabindex",
            0,
            "data-unit",
            unit,
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
    for (Curve curve : curves) {
      draw(canvas, curve);
    }
    return canvas.finished();
  }

  private static void draw(Canvas canvas, Curve curve) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < curve.values().size(); i++) {
      line.append(Svg.number(canvas.x(i + 1)))
          .append(',')
          .append(Svg.number(canvas.y(curve.values().get(i))))
          .append(' ');
    }
    Series series = curve.series();
    canvas
        .svg()
        .element(
            "polyline",
            "class",
            series.css() + " curve",
            "style",
            series.style(),
            "data-series",
            series.name(),
            "data-name",
            curve.name(),
            "data-values",
            curve.values().stream().map(Svg::number).collect(Collectors.joining(" ")),
            "points",
            line.toString().strip());
    if (curve.values().size() == 1) {
      canvas.svg().open("g", "class", series.css(), "style", series.style());
      series.mark(canvas.svg(), canvas.x(1), canvas.y(curve.values().getFirst()), false);
      canvas.svg().close("g");
    }
  }
}
