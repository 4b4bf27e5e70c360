package org.igcnet.lab.page;

import java.util.Locale;

/**
 * What belongs together in all plots of a page, by colour and by shape.
 *
 * @param index from 0
 * @param count of all
 * @param name for people
 */
public record Series(int index, int count, String name) {
  /** With more than these, colours run through the spectrum instead of standing apart. */
  private static final int DISTINCT = 6;

  private static final int SHAPES = 5;

  /** How far a mark that hides none reaches from its point. */
  static final double RADIUS = 5;

  /** The CSS classes of what is drawn of it. */
  String css() {
    return count <= DISTINCT ? "series s" + index : "series";
  }

  /** The CSS declaration of its colour where that is one of many. */
  public String style() {
    double hue = 265 - 240.0 * index / Math.max(1, count - 1);
    return count <= DISTINCT
        ? ""
        : String.format(Locale.ROOT, "--c:oklch(0.64 0.15 %.0f)", (hue + 360) % 360);
  }

  /**
   * Draws its shape around a point.
   *
   * @param r how far it reaches
   */
  void mark(Svg svg, double x, double y, double r, boolean hollow) {
    String css = hollow ? "mark hollow" : "mark";
    switch (index % SHAPES) {
      case 0 -> svg.element("circle", "class", css, "cx", x, "cy", y, "r", r);
      case 1 ->
          svg.element(
              "rect",
              "class",
              css,
              "x",
              x - r * 0.9,
              "y",
              y - r * 0.9,
              "width",
              r * 1.8,
              "height",
              r * 1.8);
      case 2 -> path(svg, css, x, y, r, 0, -1.2, 1.1, 0.8, -1.1, 0.8);
      case 3 -> path(svg, css, x, y, r, 0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0);
      default -> path(svg, css, x, y, r, 0, 1.2, 1.1, -0.8, -1.1, -0.8);
    }
  }

  private static void path(Svg svg, String css, double x, double y, double r, double... corners) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < corners.length; i += 2) {
      path.append(i == 0 ? 'M' : 'L')
          .append(Svg.number(x + r * corners[i]))
          .append(' ')
          .append(Svg.number(y + r * corners[i + 1]));
    }
    svg.element("path", "class", css, "d", path.append('Z'));
  }

  /** Its sign in a legend. */
  public String sign() {
    Svg svg = new Svg();
    svg.open(
        "svg",
        "viewBox",
        "0 0 16 16",
        "class",
        css() + " sign",
        "style",
        style(),
        "aria-hidden",
        "true");
    mark(svg, 8, 8, RADIUS, false);
    return svg.close("svg").toString();
  }
}
