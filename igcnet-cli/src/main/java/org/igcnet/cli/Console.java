package org.igcnet.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where commands write. What a terminal would obey is shown as {@link VisibleWriter} does. */
final class Console {
  /** By this system property the launcher says how wide a terminal standard error is. */
  private static final String COLUMNS_PROPERTY = "igcnet.columns";

  private static final int BAR_INTERVAL_MILLIS = 200;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private final VisibleWriter out;
  private final VisibleWriter err;
  private final int columns;

  /**
   * @param out for facts
   * @param err for what goes wrong, and how far a long command is
   * @param columns width of the terminal that {@code err} is, or 0 where it is none
   */
  Console(Writer out, Writer err, int columns) {
    this.out = new VisibleWriter(out);
    this.err = new VisibleWriter(err);
    this.columns = columns;
  }

  /** The process's own streams. */
  static Console system() {
    return new Console(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        Integer.getInteger(COLUMNS_PROPERTY, 0));
  }

  /** Facts: text, or one JSON document. */
  PrintWriter out() {
    return out;
  }

  /** What goes wrong, and how far a long command is. */
  PrintWriter err() {
    return err;
  }

  /** Writes a sentence on one line of {@code err}, whatever the names in it hold. */
  void say(String sentence) {
    err.println(VisibleWriter.oneLine(sentence));
  }

  /** Whether {@code err} can show a progress bar. */
  boolean terminal() {
    return columns > 0;
  }

  /**
   * A progress bar, to be closed and then wiped by {@link #wipeBar}; needs a {@link #terminal()}.
   */
  ProgressBarBuilder bar(String task, long most) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(most)
        .setStyle(ProgressBarStyle.UNICODE_BLOCK)
        .setUpdateIntervalMillis(BAR_INTERVAL_MILLIS)
        .setConsumer(new DelegatingProgressBarConsumer(this::showBar, columns));
  }

  private void showBar(String line) {
    err.writeRaw("\r");
    err.print(line);
    err.flush();
  }

  /** Takes a closed bar off the terminal's line. */
  void wipeBar() {
    showBar(" ".repeat(columns - 1));
    showBar("");
  }

  /** Writes the one JSON document of a command. */
  void json(Object document) {
    out.println(JSON.writeValueAsString(document));
  }
}
