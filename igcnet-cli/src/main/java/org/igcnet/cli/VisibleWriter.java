package org.igcnet.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;

/**
 * Shows what a terminal would obey. Names of files, classes and servers may hold characters that
 * move the cursor, colour the text or turn its direction; they are written as their codes, {@code
 * \u001b} for the escape character, as JSON writes them too.
 *
 * <p>Lines may end, and tabs pass; but what is put into a format stays on its line, and so does a
 * text that goes through {@link #oneLine}.
 */
final class VisibleWriter extends PrintWriter {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  /** Flushes after each line. */
  VisibleWriter(Writer out) {
    super(out, true);
  }

  /** The text with codes for all that would leave its line or work on a terminal. */
  static String oneLine(String text) {
    return visible(text).replace("\t", "\\u0009").replace("\n", "\\u000a");
  }

  private static String visible(String text) {
    if (text.codePoints().noneMatch(VisibleWriter::obeyed)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(one -> shown.append(obeyed(one.codePointAt(0)) ? codes(one) : one));
    return shown.toString();
  }

  /** Whether it is not shown as itself. Joiners only shape letters and pictures beside them. */
  private static boolean obeyed(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL -> character != '\n' && character != '\t';
      case Character.FORMAT -> character != ZERO_WIDTH_NON_JOINER && character != ZERO_WIDTH_JOINER;
      case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
      default -> false;
    };
  }

  private static String codes(String text) {
    StringBuilder codes = new StringBuilder();
    text.chars().forEach(unit -> codes.append("\\u%04x".formatted(unit)));
    return codes.toString();
  }

  /** Of what is put into the format, ends of lines and tabs are shown as their codes too. */
  @Override
  public PrintWriter format(String format, Object... values) {
    return super.format(format, Arrays.stream(values).map(VisibleWriter::onItsLine).toArray());
  }

  private static Object onItsLine(Object value) {
    return value instanceof Number ? value : oneLine(String.valueOf(value));
  }

  /** Writes a text as it is, to move a terminal's cursor. */
  void writeRaw(String text) {
    super.write(text, 0, text.length());
  }

  @Override
  public void write(String text, int from, int length) {
    writeRaw(visible(text.substring(from, from + length)));
  }

  @Override
  public void write(char[] text, int from, int length) {
    write(new String(text, from, length), 0, length);
  }

  @Override
  public void write(int character) {
    write(String.valueOf((char) character), 0, 1);
  }
}
