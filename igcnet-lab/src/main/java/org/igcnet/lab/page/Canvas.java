package org.igcnet.lab.page;

/** A plot's frame: axes, grid, title, and where values lie in it. */
final class Canvas {
  static final double WIDTH = 420;
  static final double HEIGHT = 304;
  private static final double LEFT = 46;
  private static final double RIGHT = 14;
  private static final double TOP = 26;
  private static final double BOTTOM = 44;
  private static final double TICK_GAP = 8;

  private final Axis horizontal;
  private final Axis vertical;
  private final Svg svg = new Svg();

  Canvas(String description, Axis horizontal, Axis vertical, Object... attributes) {
    this.horizontal = horizontal;
    this.vertical = vertical;
    Object[] own = {
      "viewBox",
      "0 0 %s %s".formatted(Svg.number(WIDTH), Svg.number(HEIGHT)),
      "role",
      "group",
      "aria-label",
      description
    };
    Object[] all = new Object[own.length + attributes.length];
    System.arraycopy(own, 0, all, 0, own.length);
    System.arraycopy(attributes, 0, all, own.length, attributes.length);
    svg.open("svg", all);
    grid();
  }

  private void grid() {
    svg.open("g", "class", "axes", "aria-hidden", "true");
    for (double tick : vertical.ticks()) {
      svg.element(
          "line", "class", "grid", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", y(tick), "y2", y(tick));
      svg.text("text", vertical.text(tick), "x", LEFT - TICK_GAP, "y", y(tick) + 4, "class", "end");
    }
    double foot = HEIGHT - BOTTOM;
    for (double tick : horizontal.ticks()) {
      svg.element(
          "line", "class", "tick", "x1", x(tick), "x2", x(tick), "y1", foot, "y2", foot + 4);
      svg.text("text", horizontal.text(tick), "x", x(tick), "y", foot + 18, "class", "middle");
    }
    svg.element("line", "class", "base", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", foot, "y2", foot);
    svg.text("text", horizontal.label(), "x", WIDTH - RIGHT, "y", HEIGHT - 6, "class", "end label");
    svg.text("text", vertical.label(), "x", 4.0, "y", 11.0, "class", "label");
    svg.close("g");
  }

  Svg svg() {
    return svg;
  }

  double x(double value) {
    return LEFT + horizontal.share(value) * (WIDTH - LEFT - RIGHT);
  }

  double y(double value) {
    return HEIGHT - BOTTOM - vertical.share(value) * (HEIGHT - BOTTOM - TOP);
  }

  double top() {
    return TOP;
  }

  double foot() {
    return HEIGHT - BOTTOM;
  }

  String finished() {
    return svg.close("svg").toString();
  }
}
