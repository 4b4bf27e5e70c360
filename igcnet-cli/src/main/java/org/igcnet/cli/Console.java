package org.igcnet.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Where commands write. What a terminal would obey is shown as codes. */
public final class Console {
  /** By this system property the launcher says how wide a terminal standard error is. */
  private static final String COLUMNS_PROPERTY = "igcnet.columns";

  /** To the line's beginning; what follows does not wrap, whatever the width. */
  private static final String BEFORE_LINE = "\r\u001b[?7l";

  /**
   * Wipes what is behind and below the line. The cursor goes to its first character and stays with
   * it where a narrower window wraps the line: so the next drawing wipes all of it.
   */
  private static final String AFTER_LINE = "\u001b[J\u001b[?7h\r";

  private final VisibleWriter out;
  private final VisibleWriter err;
  private final IntSupplier columns;
  private boolean drawn;
  private boolean ended;

  /**
   * @param out for facts
   * @param err for what goes wrong, and how far a long command is
   * @param columns width of the terminal that {@code err} is, or 0 where it is none
   */
  public Console(Writer out, Writer err, IntSupplier columns) {
    this.out = new VisibleWriter(out);
    this.err = new VisibleWriter(err);
    this.columns = columns;
  }

  /** The process's own streams. */
  static Console system() {
    Console console =
        new Console(
            new PrintWriter(new StandardOutput(), true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            new TerminalWidth(Integer.getInteger(COLUMNS_PROPERTY, 0)));
    Runtime.getRuntime().addShutdownHook(new Thread(console::end));
    return console;
  }

  /** Facts: text, or one JSON document. */
  public PrintWriter out() {
    return out;
  }

  /** What goes wrong, and how far a long command is. */
  public PrintWriter err() {
    return err;
  }

  /**
   * Writes a sentence on one line of {@code err}, whatever the names in it hold. When a signal has
   * ended the process, what fails by that is not told.
   */
  public synchronized void say(String sentence) {
    if (!ended) {
      err.println(VisibleWriter.oneLine(sentence));
    }
  }

  /** How wide the terminal is now that {@code err} is, or 0 where it is none. */
  int columns() {
    return columns.getAsInt();
  }

  /** Draws the terminal's last line anew; an empty text takes it away. */
  synchronized void draw(String line) {
    if (!ended && (drawn || !line.isEmpty())) {
      err.writeRaw(BEFORE_LINE + VisibleWriter.oneLine(line) + AFTER_LINE);
      err.flush();
      drawn = !line.isEmpty();
    }
  }

  /** Leaves no line behind where a signal ends the process. */
  private synchronized void end() {
    draw("");
    ended = true;
  }

  /** Writes the one JSON document of a command. */
  public void json(Object document) {
    out.println(Json.MAPPER.writeValueAsString(document));
  }

  /** Loaded when a command first writes JSON: that takes as long as the rest of a short one. */
  private static final class Json {
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();
  }
}
