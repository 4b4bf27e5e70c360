package org.igcnet.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a browser makes of a page, with all that can be opened open.
 *
 * @param overflow pixels by which the page is wider than the window
 * @param tables each box of a table, and the pixels of it that are out of view
 * @param heads of each table the words above its columns
 * @param plots widths of the plots in pixels
 * @param epochs what stands below the plots of curves
 * @param nearest of two marks of one plot by how much they differ at least in place and size, in
 *     pixels; nothing where no plot has two
 * @param contrast the least of any text against what lies behind it, by WCAG 2
 * @param faintest the text that has it
 */
record PageMeasure(
    double overflow,
    List<Box> tables,
    List<List<String>> heads,
    List<Double> plots,
    List<String> epochs,
    @Nullable Double nearest,
    double contrast,
    String faintest) {
  /** A table's box. */
  record Box(String name, double hidden) {}

  private static final String SCRIPT =
      """
      document.querySelectorAll("details").forEach(one => (one.open = true));
      const all = (where, css) => [...where.querySelectorAll(css)];
      const root = document.documentElement;
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const painted = colours => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const light = rgb => {
        const [r, g, b] = rgb.map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const contrast = element => {
        const behind = [];
        for (let at = element; at; at = at.parentElement) behind.unshift(window.getComputedStyle(at).backgroundColor);
        const style = window.getComputedStyle(element);
        const ink = element instanceof window.SVGElement ? style.fill : style.color;
        const [low, high] = [light(painted(behind)), light(painted([...behind, ink]))].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      };
      const texts = all(document.body, "*:not(script):not(style)")
        .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
        .filter(one => one.getClientRects().length > 0);
      const contrasts = texts.map(one => ({ text: one.textContent.trim().slice(0, 40), contrast: contrast(one) }));
      contrasts.sort((a, b) => a.contrast - b.contrast);
      const distances = all(document, ".plot").filter(plot => plot.getClientRects().length > 0).flatMap(plot => {
        const boxes = all(plot, ".mark").map(mark => mark.getBoundingClientRect());
        return boxes.flatMap((a, i) => boxes.slice(0, i).map(b =>
          Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y), Math.abs(a.right - b.right), Math.abs(a.bottom - b.bottom))));
      });
      return {
        overflow: root.scrollWidth - root.clientWidth,
        tables: all(document, ".scroll").map(box => ({ name: box.ariaLabel, hidden: box.scrollWidth - box.clientWidth })),
        heads: all(document, "table").map(table => all(table, "thead th").map(head => head.textContent)),
        plots: all(document, ".plot").map(plot => plot.getBoundingClientRect().width).filter(width => width > 0),
        epochs: all(document, ".curves .axes .middle").map(text => text.textContent),
        nearest: distances.length ? Math.min(...distances) : null,
        contrast: contrasts[0].contrast,
        faintest: contrasts[0].text
      };
      """;

  /**
   * Measures a page; a test is skipped where there is no browser.
   *
   * @param width of the window, in CSS pixels
   * @param dark whether the reader prefers dark colours
   */
  static PageMeasure of(Path page, int width, boolean dark)
      throws IOException, InterruptedException {
    return JsonMapper.builder()
        .build()
        .readValue(Chromium.measure(page, width, dark, SCRIPT), PageMeasure.class);
  }
}
