package org.igcnet.lab.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Writes SVG. All text and all values of attributes are escaped. */
final class Svg {
  private final StringBuilder out = new StringBuilder();

  /** Escapes what would be markup. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn; numbers get two decimals at most
   */
  Svg open(String name, Object... attributes) {
    tag(name, attributes);
    out.append('>');
    return this;
  }

  /** An element without contents. */
  Svg element(String name, Object... attributes) {
    tag(name, attributes);
    out.append("/>");
    return this;
  }

  /** An element that holds only text. */
  Svg text(String name, String text, Object... attributes) {
    open(name, attributes);
    out.append(escaped(text));
    return close(name);
  }

  Svg close(String name) {
    out.append("</").append(name).append('>');
    return this;
  }

  private void tag(String name, Object... attributes) {
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      out.append(' ').append(attributes[i]).append("=\"");
      out.append(value instanceof Double number ? number(number) : escaped(value.toString()));
      out.append('"');
    }
  }

  /** At most two decimals, without zeros at the end. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    String bare = text.replaceAll("\\.?0+$", "");
    return bare.equals("-0") ? "0" : bare;
  }

  /** At least four digits that count, so that a small value is not nothing. */
  static String figures(double value) {
    double size = Math.abs(value);
    return size == 0 || size >= 100
        ? number(value)
        : new BigDecimal(value, new MathContext(4)).stripTrailingZeros().toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
